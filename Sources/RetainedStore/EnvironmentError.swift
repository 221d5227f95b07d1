/// The machine refused something: a system call failed, or libcrypto did.
///
/// Neither the caller's nor a peer's doing. Whoever catches it says what was being done and with which file, and
/// stops acknowledging where the failure touches what is on disk.
public enum EnvironmentError: Error, Equatable, Sendable {
    /// A system call failed with `errno`; `path` is the file that it was about, where there is one.
    case system(call: String, path: String?, errno: Int32)
    /// A function of libcrypto failed, with the first code in its error queue (0: it gave none).
    case libcrypto(function: String, code: UInt)
    /// A function of LMDB failed with one of LMDB's own codes; what it passes on from the system is `system`.
    case lmdb(function: String, code: Int32)
}
