/// When each message of a connection is due under an open-loop load: at a fixed rate, whether or not the broker keeps up.
///
/// Latency is counted from this moment, not from when the message could be sent: a broker that stalls delays every message
/// that was due meanwhile, and a load that waits with it would not see that (Tene: How NOT to Measure Latency; coordinated
/// omission).
struct PublishSchedule: Equatable, Sendable {
    let startNanoseconds: UInt64
    /// Between two messages of this connection.
    let periodNanoseconds: Double
    /// Of its first message, so that connections do not all publish at once.
    let offsetNanoseconds: Double

    /// - Parameters:
    ///   - rate: messages per second of all connections together.
    ///   - ordinal: of this connection, from 0.
    init(startNanoseconds: UInt64, rate: Double, ordinal: Int, connections: Int) {
        self.startNanoseconds = startNanoseconds
        periodNanoseconds = 1e9 / rate * Double(connections)
        offsetNanoseconds = 1e9 / rate * Double(ordinal)
    }

    /// When message number `message`, counted from 0, is due.
    @inline(__always)
    func nanoseconds(ofMessage message: Int) -> UInt64 {
        startNanoseconds &+ UInt64(offsetNanoseconds + Double(message) * periodNanoseconds)
    }

    /// How many messages are due by now.
    func due(at now: UInt64) -> Int {
        let elapsed = now >= startNanoseconds ? Double(now - startNanoseconds) - offsetNanoseconds : -1
        return elapsed < 0 ? 0 : Int(elapsed / periodNanoseconds) + 1
    }
}
