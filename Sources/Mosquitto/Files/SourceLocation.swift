/// A place in one of the files that configure the broker.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    /// The path as it was given or as `include_dir` found it.
    public var file: String
    /// Counted from 1; 0 stands for the file as a whole.
    public var line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// `FILE:LINE`, or `FILE` alone for the file as a whole.
    public var description: String {
        line > 0 ? "\(file):\(line)" : file
    }
}
