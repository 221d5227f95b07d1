import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("What waits for several sessions together has a limit")
struct QueueAllowanceTests {
    @Test func oneSessionsMessagesAreAnothersLimit() {
        let allowance = QueueAllowance(bytesMax: 3)
        let first = SessionTranscript()
        let second = SessionTranscript()
        first.session.queueAllowances = QueueAllowances(allowance)
        second.session.queueAllowances = QueueAllowances(allowance)
        #expect(first.deliver("aa", .atLeastOnce) == "queued")
        #expect(second.deliver("bb", .atLeastOnce) == "queued")
        #expect(first.deliver("c", .atLeastOnce) == "dropped: queueFull")
        #expect(second.deliver("c", .atLeastOnce) == "dropped: queueFull")
        second.attach()
        #expect(second.next() == ["PUBLISH 1 bb q1"])
        #expect(allowance.bytes == 2)
        #expect(first.deliver("c", .atLeastOnce) == "queued")
    }

    @Test func ofTwoLimitsTheOneThatIsReachedFirstCounts() {
        let (users, addresses) = (QueueAllowance(bytesMax: 3), QueueAllowance(bytesMax: 5))
        let first = SessionTranscript()
        let second = SessionTranscript()
        let third = SessionTranscript()
        first.session.queueAllowances = QueueAllowances(users, addresses)
        second.session.queueAllowances = QueueAllowances(nil, addresses)
        third.session.queueAllowances = QueueAllowances(users)
        #expect(first.deliver("aaa", .atLeastOnce) == "queued")
        #expect(first.deliver("b", .atLeastOnce) == "dropped: queueFull")
        #expect(third.deliver("b", .atLeastOnce) == "dropped: queueFull")
        #expect(second.deliver("bb", .atLeastOnce) == "queued")
        #expect(second.deliver("c", .atLeastOnce) == "dropped: queueFull")
        #expect((users.bytes, addresses.bytes) == (3, 5))
        first.session.queueAllowances = QueueAllowances()
        #expect((users.bytes, addresses.bytes) == (0, 2))
        #expect(third.deliver("c", .atLeastOnce) == "queued")
    }

    @Test func whatWaitsGoesAlongWithItsSession() {
        let old = QueueAllowance(bytesMax: 10)
        let new = QueueAllowance(bytesMax: 10)
        var transcript: SessionTranscript? = SessionTranscript()
        transcript?.session.queueAllowances = QueueAllowances(old)
        #expect(transcript?.deliver("abc", .atLeastOnce) == "queued")
        transcript?.session.queueAllowances = QueueAllowances(nil, new)
        #expect(old.bytes == 0)
        #expect(new.bytes == 3)
        transcript?.session.withdraw { _ in true }
        #expect(new.bytes == 0)
        #expect(transcript?.deliver("ab", .atLeastOnce) == "queued")
        transcript = nil
        #expect(new.bytes == 0)
    }
}
