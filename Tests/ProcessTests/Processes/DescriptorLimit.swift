import Glibc

/// How many files and sockets this process, and those that it starts, may have open.
enum DescriptorLimit {
    /// - Returns: whether there are as many.
    static func raise(to count: Int) -> Bool {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < count else { return true }
        limit.rlim_cur = rlim_t(count)
        // Only root may raise the second.
        limit.rlim_max = max(limit.rlim_max, limit.rlim_cur)
        return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    }
}
