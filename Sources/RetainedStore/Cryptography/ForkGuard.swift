internal import CLibcrypto
internal import Glibc

/// Notices that the process is a forked child of the one that opened the store.
///
/// A child has its parent's counters, so that both would seal different messages under the same nonce. The kernel
/// empties the guard's page in a child (`MADV_WIPEONFORK`), which makes the question one load per message.
enum ForkGuard {
    nonisolated(unsafe) private static let word: UnsafePointer<UInt64> = {
        // Safe because the word is written here, once, and only read afterwards.
        let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
        let page = mmap(nil, pageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let page, page != MAP_FAILED else { preconditionFailure("out of memory for the fork guard's page") }
        // Kernels before 4.14 do not know the advice; there the guard never fires, and nothing else changes.
        _ = madvise(page, pageBytes, MADV_WIPEONFORK)
        let word = page.bindMemory(to: UInt64.self, capacity: 1)
        word.pointee = 1
        return UnsafePointer(word)
    }()

    /// Whether this is a child of the process that first asked.
    static var isInForkedChild: Bool { word.pointee != 1 }

    /// Traps in a forked child: no caller can be meant to use a parent's keys and counters there.
    @inline(__always)
    static func check() {
        precondition(word.pointee == 1, "a forked child must not use the store that its parent opened")
    }
}
