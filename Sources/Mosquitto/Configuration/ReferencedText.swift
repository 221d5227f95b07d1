/// A text that a directive states, with the place where it does.
public struct ReferencedText: Sendable, Equatable {
    public var text: String
    public var location: SourceLocation

    public init(_ text: String, location: SourceLocation) {
        self.text = text
        self.location = location
    }
}
