import Testing

@testable import LatchCommands

@Suite struct PublishScheduleTests {
    /// 1,000 messages a second of four connections: one every 4 ms of each, a millisecond apart.
    private static func schedule(_ ordinal: Int) -> PublishSchedule {
        PublishSchedule(startNanoseconds: 1_000_000_000, rate: 1_000, ordinal: ordinal, connections: 4)
    }

    @Test func connectionsTakeTurns() {
        let times = (0..<8).map { Self.schedule($0 % 4).nanoseconds(ofMessage: $0 / 4) }
        #expect(times == (0..<8).map { 1_000_000_000 + UInt64($0) * 1_000_000 })
    }

    @Test func aMessageIsDueAtItsTimeAndNotBefore() {
        for ordinal in 0..<4 {
            let schedule = Self.schedule(ordinal)
            #expect(schedule.due(at: 0) == 0)
            for message in 0..<1_000 {
                let time = schedule.nanoseconds(ofMessage: message)
                #expect(schedule.due(at: time) == message + 1)
                #expect(schedule.due(at: time - 1) == message)
            }
        }
    }
}
