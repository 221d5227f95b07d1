import Authentication

/// The keys of a file.
struct FixedKeys: KeySource {
    let keys: SigningKeySet

    var current: SigningKeySet? { keys }

    func refresh() async -> Bool { false }

    func keepFresh(_ report: @escaping @Sendable (TokenKeyReport) -> Void) async {}
}
