import Glibc

/// Calls `body` with a copy of `source` that ends where an unreadable page begins: reading one byte too many ends the
/// test run.
func withGuardedBytes<Result>(
    _ source: some Collection<UInt8>,
    _ body: (UnsafeRawBufferPointer) throws -> Result
) rethrows -> Result {
    let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
    let readableBytes = (source.count + pageBytes - 1) / pageBytes * pageBytes
    let regionBytes = readableBytes + pageBytes
    guard let region = mmap(nil, regionBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        region != MAP_FAILED, mprotect(region + readableBytes, pageBytes, PROT_NONE) == 0
    else {
        preconditionFailure("no guarded memory: errno \(errno)")
    }
    defer { munmap(region, regionBytes) }
    let place = UnsafeMutableRawBufferPointer(start: region + readableBytes - source.count, count: source.count)
    place.copyBytes(from: source)
    return try body(UnsafeRawBufferPointer(place))
}
