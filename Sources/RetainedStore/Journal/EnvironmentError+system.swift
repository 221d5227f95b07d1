internal import Glibc

extension EnvironmentError {
    /// The failure of the system call that has just returned, by `errno`.
    static func system(_ call: String, _ path: String?) -> EnvironmentError {
        .system(call: call, path: path, errno: errno)
    }

    /// Whether the machine said that there is no space: a state that passes, unlike every other refusal.
    var isOutOfSpace: Bool {
        if case .system(_, _, let code) = self { code == ENOSPC || code == EDQUOT || code == EFBIG } else { false }
    }
}
