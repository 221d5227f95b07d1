import Glibc

/// Keeps what a process holds in memory, keys above all, out of core dumps.
enum CoreDumps {
    /// `PR_SET_DUMPABLE` of linux/prctl.h, which the importer does not see.
    private static let setDumpable: Int32 = 4

    /// Switches core dumps off for this process: by the limit, which children inherit, and by the kernel's own mark, which
    /// also holds for a handler behind a pipe and for other processes that would attach.
    ///
    /// To be called before a key is read.
    static func disable() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // prctl(2) takes its arguments as varargs, which Swift does not import; on Linux such integers travel as any others.
        typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
        guard let symbol = dlsym(nil, "prctl") else { return }
        _ = unsafeBitCast(symbol, to: Control.self)(setDumpable, 0, 0, 0, 0)
    }
}
