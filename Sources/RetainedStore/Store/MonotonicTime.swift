internal import Glibc

/// A moment of the monotonic clock: for intervals, never for dates.
struct MonotonicTime: Comparable {
    var nanoseconds: UInt64

    /// Before every moment.
    static let start = MonotonicTime(nanoseconds: 0)

    static var now: MonotonicTime {
        var time = Glibc.timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    func advanced(milliseconds: Int) -> MonotonicTime {
        MonotonicTime(nanoseconds: nanoseconds + UInt64(milliseconds) * 1_000_000)
    }

    /// Seconds from `earlier` to this moment; 0 if another thread took the other one later.
    func seconds(since earlier: MonotonicTime) -> Double {
        nanoseconds > earlier.nanoseconds ? Double(nanoseconds - earlier.nanoseconds) / 1e9 : 0
    }

    var timespec: timespec {
        Glibc.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }

    static func < (a: MonotonicTime, b: MonotonicTime) -> Bool { a.nanoseconds < b.nanoseconds }
}
