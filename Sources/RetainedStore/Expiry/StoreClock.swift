internal import Glibc
internal import Synchronization

/// The time by which messages expire: it never runs backwards, within a process or from one to the next.
///
/// A wall clock may be set back, by hand, or because a machine starts without one; messages that have expired would then be
/// back. This clock goes on from the latest time that it has shown, at the pace of the monotonic clock, until the wall
/// clock has caught up.
package final class StoreClock: Sendable {
    /// Two clocks of one moment, in milliseconds: since 1970, and since anything.
    package typealias Source = @Sendable () -> (wall: UInt64, monotonic: UInt64)

    private let source: Source
    /// The most, in milliseconds, that this clock has been ahead of the monotonic one.
    private let lead: Atomic<Int64>

    package init(source: @escaping Source = StoreClock.system) {
        self.source = source
        let (wall, monotonic) = source()
        lead = Atomic(Int64(clamping: wall) - Int64(clamping: monotonic))
    }

    /// Milliseconds since 1970.
    var nowMilliseconds: UInt64 {
        let (wall, monotonic) = source()
        let monotonicMilliseconds = Int64(clamping: monotonic)
        return UInt64(clamping: monotonicMilliseconds + advance(Int64(clamping: wall) - monotonicMilliseconds))
    }

    /// Seconds since 1970.
    var nowSeconds: UInt64 { nowMilliseconds / 1_000 }

    /// How far the wall clock is behind, in seconds.
    var lagSeconds: UInt64 {
        let (wall, monotonic) = source()
        let time = Int64(clamping: monotonic) + lead.load(ordering: .relaxed)
        return UInt64(clamping: (time - Int64(clamping: wall)) / 1_000)
    }

    /// Goes on from a time that was shown earlier.
    func goOn(fromMilliseconds milliseconds: UInt64) {
        _ = advance(Int64(clamping: min(milliseconds, UInt64(Int64.max / 2))) - Int64(clamping: source().monotonic))
    }

    private func advance(_ candidate: Int64) -> Int64 {
        let current = lead.load(ordering: .relaxed)
        return candidate > current ? lead.max(candidate, ordering: .relaxed).newValue : current
    }

    /// The machine's clocks.
    package static let system: Source = {
        var time = timespec()
        // The wall clock first: whatever comes between the two readings then makes this clock late and not early.
        clock_gettime(CLOCK_REALTIME, &time)
        let wall = UInt64(clamping: time.tv_sec) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
        return (wall, MonotonicTime.now.nanoseconds / 1_000_000)
    }
}
