internal import CLibcrypto
internal import Glibc

/// What a program that holds a store's keys should do before anything else.
///
/// The engine keeps its own secrets in locked memory by itself. What concerns the whole process is the program's
/// decision, and therefore here to be called.
public enum ProcessProtection {
    /// The most that libcrypto's locked heap takes: half of the 8 MiB that Linux allows a process by default, so that
    /// the keys themselves find room.
    private static let libcryptoHeapBytes = 1 << 22

    /// Turns core dumps off, for the process and for programs that it starts, and forbids other processes of the same user
    /// to attach to it or to read its memory.
    ///
    /// - Throws: `EnvironmentError`.
    public static func forbidDumps() throws(EnvironmentError) {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        guard setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else {
            throw .system(call: "setrlimit", path: nil, errno: errno)
        }
        // The limit alone does not bind a core_pattern that pipes to a program, core(5).
        guard latch_make_undumpable() == 0 else { throw .system(call: "prctl", path: nil, errno: errno) }
    }

    /// Gives libcrypto a heap that is locked into RAM and wiped when it is freed, as far as `RLIMIT_MEMLOCK` allows.
    ///
    /// - Returns: Whether it took it: it does only as long as nobody has used it yet, in any part of the process.
    @discardableResult
    public static func lockLibcryptoMemory() -> Bool {
        heap != nil
            && CRYPTO_set_mem_functions(
                { count, _, _ in ProcessProtection.heap?.allocate(count) },
                { piece, count, _, _ in ProcessProtection.heap?.reallocate(piece, count) },
                { piece, _, _ in ProcessProtection.heap?.deallocate(piece) }
            ) == 1
    }

    /// Once libcrypto has it, it has it for the life of the process.
    private static let heap = try? LibcryptoHeap(bytes: libcryptoHeapBytes)
}
