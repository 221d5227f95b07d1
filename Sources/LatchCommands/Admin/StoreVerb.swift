import RetainedStore

/// Something that can be asked of a store, whether a broker has it open or nobody.
///
/// On the socket it is one JSON object on a line, with its parameters and its ``name`` as `verb`.
protocol StoreVerb: Codable, Sendable {
    /// What it has to say when it was done.
    associatedtype Report: VerbReport

    /// How the protocol calls it.
    static var name: String { get }

    /// Whether the audit trail hears of it; what only looks it need not.
    static var isAudited: Bool { get }

    /// What the audit trail says of it beside its name.
    var auditDetail: String? { get }

    /// Does it, in the calling thread, however long that takes.
    ///
    /// - Parameter progress: Told now and then how much has been done, in the verb's own words.
    func perform(on store: RetainedStore, progress: (String) -> Void) throws(CommandFailure) -> Report
}

extension StoreVerb {
    static var isAudited: Bool { true }

    var auditDetail: String? { nil }
}
