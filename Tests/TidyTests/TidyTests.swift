import Testing

/// The tree keeps its rules; and every rule, given a text that breaks it, says so.
@Suite struct TidyTests {
    private static let rules: [any TidyRule] = [
        ImportRule(), FoundationRule(), LengthRule(), UnfinishedRule(), ForeignPlaceRule(), UncheckedRule(),
        FolderNameRule(), TopLevelRule(), OneTypeRule(),
    ]

    @Test func theTreeKeepsItsRules() throws {
        let files = try Repository.files()
        #expect(files.contains { $0.path == "Package.swift" }, "the walk begins at the package's directory")
        #expect(files.count > 50)
        for rule in Self.rules {
            for violation in files.flatMap(rule.violations) {
                Issue.record("\(type(of: rule)): \(violation)")
            }
        }
    }

    @Test func everyTargetHasAListOfImports() throws {
        let targets = Set(try Repository.files().filter(\.isSwift).compactMap(\.target))
        #expect(targets.subtracting(ImportRule.allowed.keys).isEmpty)
    }
}
