/// A rule of the tree that a program can check.
protocol TidyRule: Sendable {
    /// The places of a file that break the rule.
    func violations(in file: SourceFile) -> [Violation]
}

extension TidyRule {
    /// A violation for every line that the closure finds a problem with.
    func lines(of file: SourceFile, _ problem: (Substring) -> String?) -> [Violation] {
        file.lines.enumerated().compactMap { index, line in
            problem(line).map { Violation(path: file.path, line: index + 1, problem: $0) }
        }
    }
}
