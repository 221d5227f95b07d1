/// Folders bear the field's nouns; these say nothing.
struct FolderNameRule: TidyRule {
    static let names: Set<Substring> = [
        "Utils", "Utilities", "Helpers", "Managers", "Common", "Misc", "New", "Deprecated",
    ]

    func violations(in file: SourceFile) -> [Violation] {
        file.components.dropLast().filter { Self.names.contains($0) }.map {
            Violation(path: file.path, line: 0, problem: "a folder called \($0)")
        }
    }
}
