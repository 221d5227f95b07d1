/// A file past 600 lines is usually two things.
struct LengthRule: TidyRule {
    static let linesMax = 600

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift else { return [] }
        let count = file.lines.count
        return count > Self.linesMax ? [Violation(path: file.path, line: 0, problem: "\(count) lines")] : []
    }
}
