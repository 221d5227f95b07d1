import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("What waits for several sessions together has a limit")
struct QueueAllowanceTests {
    @Test func oneSessionsMessagesAreAnothersLimit() {
        let allowance = QueueAllowance(bytesMax: 3)
        let first = SessionTranscript()
        let second = SessionTranscript()
        first.session.queueAllowance = allowance
        second.session.queueAllowance = allowance
        #expect(first.deliver("aa", .atLeastOnce) == "queued")
        #expect(second.deliver("bb", .atLeastOnce) == "queued")
        #expect(first.deliver("c", .atLeastOnce) == "dropped: queueFull")
        #expect(second.deliver("c", .atLeastOnce) == "dropped: queueFull")
        second.attach()
        #expect(second.next() == ["PUBLISH 1 bb q1"])
        #expect(allowance.bytes == 2)
        #expect(first.deliver("c", .atLeastOnce) == "queued")
    }

    @Test func whatWaitsGoesAlongWithItsSession() {
        let old = QueueAllowance(bytesMax: 10)
        let new = QueueAllowance(bytesMax: 10)
        var transcript: SessionTranscript? = SessionTranscript()
        transcript?.session.queueAllowance = old
        #expect(transcript?.deliver("abc", .atLeastOnce) == "queued")
        transcript?.session.queueAllowance = new
        #expect(old.bytes == 0)
        #expect(new.bytes == 3)
        transcript?.session.withdraw { _ in true }
        #expect(new.bytes == 0)
        #expect(transcript?.deliver("ab", .atLeastOnce) == "queued")
        transcript = nil
        #expect(new.bytes == 0)
    }
}
