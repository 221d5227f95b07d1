/// The engine and the broker do without Foundation: it costs start time, memory and surprises.
///
/// ``ImportRule`` says the same target by target; this one says it for every target that has no list yet.
struct FoundationRule: TidyRule {
    private static let modules: Set = ["Foundation", "FoundationNetworking", "FoundationXML"]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, file.target != nil else { return [] }
        return lines(of: file) { line in
            ImportRule.module(importedBy: line).flatMap { Self.modules.contains($0) ? "imports \($0)" : nil }
        }
    }
}
