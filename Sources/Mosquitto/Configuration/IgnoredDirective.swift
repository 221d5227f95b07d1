/// A directive that has no meaning for Latch and whose absence harms nobody.
public struct IgnoredDirective: Sendable, Equatable {
    public var name: String
    public var location: SourceLocation
    /// Why it is not needed, in one clause.
    public var reason: String

    public init(name: String, location: SourceLocation, reason: String) {
        self.name = name
        self.location = location
        self.reason = reason
    }
}
