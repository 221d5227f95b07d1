/// The top of the tree holds these and files that begin with a dot.
struct TopLevelRule: TidyRule {
    static let entries: Set<Substring> = ["Package.swift", "Sources", "Tests", "Benchmarks", "Fixtures", "README.md"]

    func violations(in file: SourceFile) -> [Violation] {
        guard let first = file.components.first, !first.hasPrefix("."), !Self.entries.contains(first) else { return [] }
        return [Violation(path: file.path, line: 0, problem: "\(first) stands at the top")]
    }
}
