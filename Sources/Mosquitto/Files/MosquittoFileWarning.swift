/// Something in a file that is accepted, and that its author probably did not mean.
public struct MosquittoFileWarning: Sendable, Equatable, CustomStringConvertible {
    public var location: SourceLocation
    /// One clause without a full stop.
    public var message: String

    public init(at location: SourceLocation, _ message: String) {
        self.location = location
        self.message = message
    }

    /// `FILE:LINE: message`.
    public var description: String { "\(location): \(message)" }
}
