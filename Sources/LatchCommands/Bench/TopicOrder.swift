/// The order in which a connection visits its topics: each once in every round, scattered or ascending.
///
/// Scattered, because devices do not publish in the order of their names, and a store that sorts would be flattered.
struct TopicOrder: Equatable, Sendable {
    private let first: Int
    private let stride: Int
    private let count: Int
    private let step: Int

    /// Connection `connection` of `connections` owns the topics whose number leaves that remainder.
    init(topics: Int, connection: Int, connections: Int, isOrdered: Bool) {
        precondition(connection < connections && connections <= topics)
        first = connection
        stride = connections
        count = (topics - connection + connections - 1) / connections
        step = isOrdered ? 1 : Self.scatteringStep(count)
    }

    /// The topic of a connection's message number `number`, counted from 0.
    @inline(__always)
    func topic(ofMessage number: UInt64) -> Int {
        let place = Int(truncatingIfNeeded: (number % UInt64(count)) &* UInt64(step) % UInt64(count))
        return first &+ place &* stride
    }

    /// A step near the golden section of `count` that has no divisor in common with it, so that `count` steps visit
    /// every place.
    private static func scatteringStep(_ count: Int) -> Int {
        var step = max(1, Int(Double(count) * 0.618_033_988_749_894_9))
        while greatestCommonDivisor(step, count) != 1 { step += 1 }
        return step
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}
