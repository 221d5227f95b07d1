import Authentication

/// Where keys come from.
protocol KeySource: Sendable {
    /// The keys in force; `nil` while none could be had.
    var current: SigningKeySet? { get }

    /// See ``TokenVerifier/refreshKeys()``.
    func refresh() async -> Bool

    /// See ``TokenVerifier/keepKeysFresh(_:)``.
    func keepFresh(_ report: @escaping @Sendable (TokenKeyReport) -> Void) async
}
