/// A file of a target declares one public type at its outermost level, and bears that type's name.
struct OneTypeRule: TidyRule {
    private static let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol"]
    private static let modifiers: Set<Substring> = ["final", "indirect", "nonisolated"]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, file.target != nil, let name = file.components.last?.dropLast(".swift".count) else {
            return []
        }
        let types = file.lines.enumerated().compactMap { index, line in
            Self.publicType(declaredBy: line).map { (index + 1, $0) }
        }
        let surplus = types.dropFirst().map {
            Violation(path: file.path, line: $0.0, problem: "a second public type, \($0.1)")
        }
        guard let first = types.first, first.1 != name.prefix(while: { $0 != "+" }) else { return surplus }
        return [Violation(path: file.path, line: first.0, problem: "\(first.1) in a file of another name")] + surplus
    }

    /// The name of the type that a line without indentation declares public.
    static func publicType(declaredBy line: Substring) -> Substring? {
        guard line.hasPrefix("public ") || line.hasPrefix("@") else { return nil }
        var words = line.split(separator: " ")
        while let first = words.first, first.hasPrefix("@") { words.removeFirst() }
        guard words.first == "public" else { return nil }
        words.removeFirst()
        while let first = words.first, modifiers.contains(first) { words.removeFirst() }
        guard words.count > 1, kinds.contains(words[0]) else { return nil }
        return words[1].prefix(while: { $0.isLetter || $0.isNumber || $0 == "_" })
    }
}
