/// A place that breaks a rule.
struct Violation: Equatable, CustomStringConvertible {
    let path: String
    /// From 1; 0 for the file as a whole.
    let line: Int
    let problem: String

    var description: String { line > 0 ? "\(path):\(line): \(problem)" : "\(path): \(problem)" }
}
