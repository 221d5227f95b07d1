/// A path that a directive names, with the place that names it.
public struct ReferencedFile: Sendable, Equatable {
    /// As written; relative paths start at the working directory.
    public var path: String
    public var location: SourceLocation

    public init(path: String, location: SourceLocation) {
        self.path = path
        self.location = location
    }
}
