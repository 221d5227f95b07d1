import Testing

@testable import LatchCommands

@Suite struct TopicOrderTests {
    /// Together the connections visit every topic once in a round, whatever the numbers, and no two share one.
    @Test(arguments: [(1, 1), (7, 2), (100, 4), (1_000, 3), (1_024, 64), (9, 9)])
    func aRoundVisitsEveryTopicOnce(topics: Int, connections: Int) {
        for isOrdered in [false, true] {
            var visits = [Int](repeating: 0, count: topics)
            for connection in 0..<connections {
                let order = TopicOrder(
                    topics: topics,
                    connection: connection,
                    connections: connections,
                    isOrdered: isOrdered
                )
                let own = stride(from: connection, to: topics, by: connections).count(where: { _ in true })
                for number in 0..<own {
                    let topic = order.topic(ofMessage: UInt64(number))
                    #expect(topic % connections == connection)
                    visits[topic] += 1
                    #expect(order.topic(ofMessage: UInt64(number + own)) == topic)
                }
            }
            #expect(visits.allSatisfy { $0 == 1 })
        }
    }

    @Test func orderedAscendsAndScatteredDoesNot() {
        let ordered = TopicOrder(topics: 1_000, connection: 0, connections: 1, isOrdered: true)
        let scattered = TopicOrder(topics: 1_000, connection: 0, connections: 1, isOrdered: false)
        #expect((0..<1_000).allSatisfy { ordered.topic(ofMessage: UInt64($0)) == $0 })
        let neighbours = (0..<999).count {
            scattered.topic(ofMessage: UInt64($0 + 1)) == scattered.topic(ofMessage: UInt64($0)) + 1
        }
        #expect(neighbours == 0)
    }
}
