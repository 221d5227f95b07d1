/// Where the compiler's check is switched off, the next line says why that is safe (the line before, for an empty body).
struct UncheckedRule: TidyRule {
    private static let marks = ["@unchecked " + "Sendable", "nonisolated(" + "unsafe)", "@preconcurrency " + "import"]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift else { return [] }
        let lines = file.lines.map { $0.drop(while: { $0 == " " }) }
        return lines.indices.compactMap { index in
            guard !lines[index].hasPrefix("//"), let mark = Self.marks.first(where: { lines[index].contains($0) })
            else { return nil }
            let isExplained = [index - 1, index + 1].contains {
                lines.indices.contains($0) && lines[$0].hasPrefix("//")
            }
            return isExplained
                ? nil : Violation(path: file.path, line: index + 1, problem: "\(mark) without its reason")
        }
    }
}
