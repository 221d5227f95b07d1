import Foundation

/// All statements of one version of the specification.
struct ConformanceFile: Decodable {
    let version: String
    let statements: [ConformanceStatement]

    /// - Parameter version: as in the file's name.
    init(version: String) throws {
        let path = Repository.root + "Fixtures/mqtt/conformance-\(version).json"
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// Every test function of the tree as `Target/Suite/function`, and every transcript as `transcripts/FILE: NAME`.
    static func proofs(in files: [SourceFile]) throws -> Set<String> {
        var proofs: Set<String> = []
        for file in files {
            let components = file.components
            guard let name = components.last else { continue }
            if file.isSwift, components.first == "Tests", components.count > 2 {
                for function in testFunctions(in: file.text) {
                    proofs.insert("\(components[1])/\(name.dropLast(".swift".count))/\(function)")
                }
            } else if file.path.hasPrefix("Fixtures/mqtt/transcripts/") {
                for transcript in try JSONDecoder().decode([Transcript].self, from: Data(file.text.utf8)) {
                    proofs.insert("transcripts/\(name.dropLast(".json".count)): \(transcript.name)")
                }
            }
        }
        return proofs
    }

    private struct Transcript: Decodable {
        let name: String
    }

    /// The names of the functions that follow a `@Test`.
    static func testFunctions(in text: String) -> [Substring] {
        text.split(separator: "@Test", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            guard let start = part.firstRange(of: "func ") else { return nil }
            return part[start.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        }
    }
}
