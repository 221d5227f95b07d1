/// What a ``StoreVerb`` has to say, for programs as JSON and for a person as text.
protocol VerbReport: Codable, Sendable {
    /// For a person: a line or several.
    var text: String { get }
    /// What the command that asked ends with, if not 0.
    var failure: CommandFailure? { get }
}

extension VerbReport {
    var failure: CommandFailure? { nil }
}
