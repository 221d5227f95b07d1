import FoundationEssentials

/// Reports for programs.
enum ReportJSON {
    /// A report as JSON with sorted keys, so that two runs can be compared line by line.
    static func text(_ report: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(report), as: UTF8.self)
        } catch {
            preconditionFailure("a report holds only finite numbers and text: \(error)")
        }
    }
}
