import Testing

/// A rule that cannot fail is no rule: each is given what it forbids, and what it must let pass.
@Suite struct CanaryTests {
    private func count(_ rule: some TidyRule, _ path: String, _ text: String) -> Int {
        rule.violations(in: SourceFile(path: path, text: text)).count
    }

    @Test(arguments: [
        ("Sources/RetainedStore/A.swift", "import NIOCore"),
        ("Sources/RetainedStore/A.swift", "  @testable import Broker"),
        ("Sources/MQTTProtocol/A.swift", "public import RetainedStore"),
        ("Sources/Broker/A.swift", "internal import struct Mosquitto.Configuration"),
        ("Sources/Unlisted/A.swift", ""),
    ])
    func foreignImports(path: String, text: String) {
        #expect(count(ImportRule(), path, text) == 1)
    }

    @Test(arguments: [
        ("Sources/RetainedStore/A.swift", "internal import CLMDB\nimport Glibc"),
        ("Sources/Broker/A.swift", "public import RetainedStore\n// import Mosquitto"),
        ("Tests/BrokerTests/A.swift", "import Foundation"),
    ])
    func ownImports(path: String, text: String) {
        #expect(count(ImportRule(), path, text) == 0)
    }

    @Test func foundation() {
        #expect(count(FoundationRule(), "Sources/New/A.swift", "import Foundation") == 1)
        #expect(count(FoundationRule(), "Sources/New/A.swift", "import FoundationEssentials") == 0)
        #expect(count(FoundationRule(), "Tests/New/A.swift", "import Foundation") == 0)
    }

    @Test func length() {
        let line = "//\n"
        #expect(count(LengthRule(), "Sources/A/A.swift", String(repeating: line, count: 600)) == 1)
        #expect(count(LengthRule(), "Sources/A/A.swift", String(repeating: line, count: 599)) == 0)
    }

    @Test(arguments: ["// TO" + "DO: later", "let a = try" + "! b()", "fatal" + "Error(\"no\")", "FIX" + "ME"])
    func unfinished(text: String) {
        #expect(count(UnfinishedRule(), "Sources/A/A.swift", "\n" + text) == 1)
    }

    @Test func unfinishedLetsTestsTrap() {
        #expect(count(UnfinishedRule(), "Tests/A/A.swift", "let a = try" + "! b()") == 0)
    }

    @Test(arguments: [
        "cd /wo" + "rk/main", "~ /ro" + "ot/.cache", "https://py" + "pi.org/x", "registry.npm" + "js.org",
    ])
    func foreignPlaces(text: String) {
        #expect(count(ForeignPlaceRule(), ".ci/run", text) == 1)
    }

    @Test func uncheckedWithoutReason() {
        let declaration = "final class A: @unchecked " + "Sendable {"
        #expect(count(UncheckedRule(), "Sources/A/A.swift", declaration + "\n    var a = 0\n}") == 1)
        #expect(count(UncheckedRule(), "Sources/A/A.swift", declaration + "\n    // Guarded by the lock.\n}") == 0)
        #expect(count(UncheckedRule(), "Sources/A/A.swift", "// It owns all.\n" + declaration + "}") == 0)
        #expect(count(UncheckedRule(), "Sources/A/A.swift", "nonisolated(" + "unsafe) let a = 0") == 1)
    }

    @Test func folderNames() {
        #expect(count(FolderNameRule(), "Sources/A/Utils/B.swift", "") == 1)
        #expect(count(FolderNameRule(), "Sources/A/Journal/Common.swift", "") == 0)
    }

    @Test func topLevel() {
        #expect(count(TopLevelRule(), "NOTES.md", "") == 1)
        #expect(count(TopLevelRule(), "Scripts/run", "") == 1)
        #expect(count(TopLevelRule(), ".ci/run", "") == 0)
        #expect(count(TopLevelRule(), "Sources/A/A.swift", "") == 0)
    }

    @Test func oneType() {
        #expect(count(OneTypeRule(), "Sources/A/B.swift", "public struct B {}\npublic enum C {}") == 1)
        #expect(count(OneTypeRule(), "Sources/A/B.swift", "public final class C {}") == 1)
        #expect(count(OneTypeRule(), "Sources/A/B.swift", "public struct B {\n    public enum C {}\n}") == 0)
        #expect(count(OneTypeRule(), "Sources/A/B+text.swift", "extension B {}") == 0)
    }
}
