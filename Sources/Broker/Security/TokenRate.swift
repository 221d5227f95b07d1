import Synchronization

/// A rate with a burst of one second, on which several event loops draw: one number, moved on by compare and exchange.
///
/// The number is the moment up to which everything that was taken is paid for (the generic cell rate algorithm, ITU-T I.371): taking moves it on by
/// what is taken, and there is room while it is less than the burst ahead of the clock. What is taken may be more than there is room for; the
/// rate is then paid for later, so that on the average it is kept whatever the size of one message.
final class TokenRate: Sendable {
    private static let burstNanoseconds: UInt64 = 1_000_000_000

    private let perSecond: UInt64
    private let paidUntil = Atomic<UInt64>(0)

    /// - Parameter perSecond: above zero.
    init(perSecond: Int) {
        precondition(perSecond > 0, "a rate of nothing is no rate")
        self.perSecond = UInt64(perSecond)
    }

    /// Milliseconds until there is room for one token; 0 where there is now.
    ///
    /// - Parameter now: monotonic milliseconds.
    func wait(now: UInt64) -> UInt64 {
        let paidUntil = paidUntil.load(ordering: .relaxed)
        let room = now * 1_000_000 + Self.burstNanoseconds
        let needed = paidUntil + Self.burstNanoseconds / perSecond
        return needed <= room ? 0 : (needed - room + 999_999) / 1_000_000
    }

    /// Takes tokens, whether or not there is room for them.
    ///
    /// - Returns: whether nothing had been owed: the whole burst was there.
    @discardableResult
    func take(_ count: Int, now: UInt64) -> Bool {
        let now = now * 1_000_000
        let (product, overflow) = UInt64(count).multipliedReportingOverflow(by: Self.burstNanoseconds)
        let cost = (overflow ? .max : product) / perSecond
        var current = paidUntil.load(ordering: .relaxed)
        while true {
            let (exchanged, original) = paidUntil.weakCompareExchange(
                expected: current,
                desired: max(current, now) + cost,
                ordering: .relaxed
            )
            if exchanged { return original <= now }
            current = original
        }
    }

    /// Whether nothing is owed: a new rate would be the same.
    func isFull(now: UInt64) -> Bool { paidUntil.load(ordering: .relaxed) <= now * 1_000_000 }
}
