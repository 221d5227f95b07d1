import Glibc

/// Memory that ends where an unreadable page begins: bytes placed at its end cannot be read beyond, or the test run
/// ends.
final class GuardedMemory {
    private let start: UnsafeMutableRawPointer
    private let readableBytes: Int
    private let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

    init(capacity: Int) {
        readableBytes = (capacity + pageBytes - 1) / pageBytes * pageBytes
        guard
            let start = mmap(
                nil,
                readableBytes + pageBytes,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS,
                -1,
                0
            ),
            start != MAP_FAILED, mprotect(start + readableBytes, pageBytes, PROT_NONE) == 0
        else {
            preconditionFailure("no guarded memory: errno \(errno)")
        }
        self.start = start
    }

    deinit {
        munmap(start, readableBytes + pageBytes)
    }

    /// Calls `body` with a copy of `source` at the very end.
    func withBytes<Result>(
        _ source: some Collection<UInt8>,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let place = UnsafeMutableRawBufferPointer(start: start + readableBytes - source.count, count: source.count)
        place.copyBytes(from: source)
        return try body(UnsafeRawBufferPointer(place))
    }
}

/// Calls `body` with a copy of `source` at the end of guarded memory of its own.
func withGuardedBytes<Result>(
    _ source: some Collection<UInt8>,
    _ body: (UnsafeRawBufferPointer) throws -> Result
) rethrows -> Result {
    try GuardedMemory(capacity: source.count).withBytes(source, body)
}
