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

    /// A line of a protocol: one object, without line ends.
    static func line(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            preconditionFailure("a report holds only finite numbers and text: \(error)")
        }
    }

    /// A request on the admin socket: the verb's parameters with its name among them.
    static func request(_ verb: some StoreVerb, name: String) -> Data {
        line(Request(verb: name, parameters: verb))
    }

    private struct Request<Parameters: Encodable>: Encodable {
        var verb: String
        var parameters: Parameters

        private enum CodingKeys: String, CodingKey {
            case verb
        }

        func encode(to encoder: any Encoder) throws {
            try parameters.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(verb, forKey: .verb)
        }
    }
}
