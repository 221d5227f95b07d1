internal import Glibc

/// Zeroed address space that takes physical memory only as it is touched, and gives all of it back at once.
///
/// Not from `malloc`, whose heap would keep what a checkpoint frees.
final class AnonymousMemory: @unchecked Sendable {
    // The base and the length never change; what lies there is its owner's to synchronise.
    let base: UnsafeMutableRawPointer
    let bytes: Int

    init(bytes: Int) throws(EnvironmentError) {
        let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let base, base != MAP_FAILED else { throw .system("mmap", nil) }
        self.base = base
        self.bytes = bytes
    }

    deinit {
        munmap(base, bytes)
    }
}
