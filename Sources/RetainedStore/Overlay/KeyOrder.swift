internal import Glibc

/// The order of blind keys, which is LMDB's: byte by byte, a key before those that it begins.
enum KeyOrder {
    /// Negative, zero or positive, as `a` is before, equal to or behind `b`.
    @inline(__always)
    static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        let order = compareFirst(min(a.count, b.count), a, b)
        return order == 0 ? a.count - b.count : order
    }

    /// The same for the first bytes alone.
    @inline(__always)
    static func compareFirst(_ count: Int, _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return Int(memcmp(first, second, count))
    }
}
