import Testing

@testable import LatchCommands

@Suite struct LossTests {
    /// Ten messages in two topics, acknowledged in three reads at 100, 200 and 300 ns.
    private static func timeline() -> AcknowledgementTimeline {
        var timeline = AcknowledgementTimeline()
        timeline.note(acknowledged: 3, nanoseconds: 100)
        timeline.note(acknowledged: 8, nanoseconds: 200)
        timeline.note(acknowledged: 10, nanoseconds: 300)
        return timeline
    }

    private static let order = TopicOrder(topics: 2, connection: 0, connections: 1, isOrdered: true)

    private static func loss(held: [UInt64], kill: UInt64 = 350) -> Loss {
        var loss = Loss()
        loss.add(timeline: timeline(), order: order, firstSequence: 1, held: held, killNanoseconds: kill)
        return loss
    }

    @Test func aTimelineKnowsWhenEachMessageWasAcknowledged() {
        let times = (0...10).map { Self.timeline().nanoseconds(ofMessage: $0) }
        #expect(times == [100, 100, 100, 200, 200, 200, 200, 200, 300, 300, nil])
        #expect(Self.timeline().acknowledged == 10)
        #expect(AcknowledgementTimeline().nanoseconds(ofMessage: 0) == nil)
    }

    @Test func nothingIsLostWhereTheNewestIsHeld() {
        #expect(Self.loss(held: [9, 10]) == Loss())
    }

    /// Sequences 1, 3, … 9 went to topic 0 and 2, 4, … 10 to topic 1.
    @Test func whatIsNewerThanTheHeldMessageIsLost() {
        #expect(Self.loss(held: [9, 8]) == Loss(messages: 1, windowNanoseconds: 50))
        #expect(Self.loss(held: [5, 6]) == Loss(messages: 4, windowNanoseconds: 150))
        #expect(Self.loss(held: [0, 0]) == Loss(messages: 10, windowNanoseconds: 250))
    }

    @Test func anAcknowledgementThatWasReadAfterTheKillWasGivenBefore() {
        #expect(Self.loss(held: [9, 8], kill: 250) == Loss(messages: 1, windowNanoseconds: 0))
    }

    @Test func connectionsAddUp() {
        var loss = Loss()
        for held in [[5, 6], [9, 8]] as [[UInt64]] {
            loss.add(
                timeline: Self.timeline(),
                order: Self.order,
                firstSequence: 1,
                held: held,
                killNanoseconds: 350
            )
        }
        #expect(loss == Loss(messages: 5, windowNanoseconds: 150))
    }
}
