/// What is wrong with a configuration file, an access control list or a password file, where, and what to do.
///
/// The broker does not start with such a file; where a running broker rereads it, the old content stays in force.
public struct MosquittoFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Why a file is refused.
    public enum Kind: Sendable, Equatable {
        /// The file cannot be read.
        case unreadable
        /// A line or a value does not follow the grammar.
        case malformed
        /// The name of a directive is not known.
        case unknown
        /// mosquitto knows it, Latch does not, and starting without it would change who may do what, or how.
        case unsupported
    }

    public var kind: Kind
    public var location: SourceLocation
    /// What is wrong, in one clause without a full stop.
    public var problem: String
    /// What the reader of the message can do, in one sentence without a full stop; empty if nothing needs saying.
    public var remedy: String

    public init(_ kind: Kind, at location: SourceLocation, _ problem: String, remedy: String = "") {
        self.kind = kind
        self.location = location
        self.problem = problem
        self.remedy = remedy
    }

    /// `FILE:LINE: problem; remedy`, never with a password or a hash in it.
    public var description: String {
        remedy.isEmpty ? "\(location): \(problem)" : "\(location): \(problem); \(remedy)"
    }
}
