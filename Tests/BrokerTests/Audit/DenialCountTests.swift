import Testing

@testable import Broker

/// How often a connection's denied publications are told of, in virtual time.
struct DenialCountTests {
    @Test func theFirstAtOnceAndTheOthersOnceAMinute() {
        var denials = DenialCount()
        #expect(denials.take() == nil)
        #expect(denials.add(now: 5) == 1)
        for _ in 0..<9 { #expect(denials.add(now: 60_004) == nil) }
        #expect(denials.add(now: 60_005) == 10)
        #expect(denials.add(now: 60_006) == nil)
        #expect(denials.take() == 1)
        #expect(denials.take() == nil)
    }
}
