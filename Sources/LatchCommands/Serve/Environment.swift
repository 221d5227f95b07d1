import Glibc

/// The process's environment.
enum Environment {
    /// The value of a variable; an empty one counts as not set.
    @Sendable
    static func value(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
