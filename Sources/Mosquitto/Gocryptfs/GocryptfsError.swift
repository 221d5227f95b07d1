/// Why a gocryptfs directory cannot be read.
public enum GocryptfsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `gocryptfs.conf` is not what gocryptfs writes.
    case configuration(String)
    /// The directory was made with something that this reader does not do.
    case unsupported(String)
    case wrongPassword
    /// A file is shorter than its header, or is of another version.
    case notAFile
    /// Blocks whose authentication fails; their numbers, counted from 0.
    case damagedBlock(UInt64)
    /// libcrypto refused something that it must be able to do.
    case libcrypto(String)

    public var description: String {
        switch self {
        case .configuration(let problem): "gocryptfs.conf: \(problem)"
        case .unsupported(let what):
            "the directory uses \(what), which cannot be read here; mount it with gocryptfs and import the file inside"
        case .wrongPassword: "the password does not open it"
        case .notAFile: "not a file of gocryptfs"
        case .damagedBlock(let number): "block \(number) of the encrypted file is damaged: its authentication fails"
        case .libcrypto(let function): "libcrypto's \(function) failed"
        }
    }
}
