/// Turns messages into envelopes: one per writer, never shared between threads.
///
/// Sealing itself cannot fail, so that a place in the journal, once reserved, is always filled: what can fail, finding
/// the key (``dataKey(forNamespace:)``) and beginning a batch (``beginBatch()``), comes before the reservation.
final class Sealer {
    let padding: EnvelopePadding
    // One owner at a time is this class's contract; checking it anew for every message costs as much as the work.
    @exclusivity(unchecked) private var cipher: XAESSealer
    @exclusivity(unchecked) private var associatedData: EnvelopeAssociatedData
    @exclusivity(unchecked) private var recentKeys: [(token: NamespaceToken, key: DataKey)?]
    private let keyring: Keyring
    private let use: KeyUse

    /// Namespaces whose key a writer finds without asking the keyring.
    private static let recentKeysCount = 256

    init(setID: SetID, keyring: Keyring, padding: EnvelopePadding = .none) throws(EnvironmentError) {
        self.padding = padding
        self.cipher = try XAESSealer()
        self.associatedData = EnvelopeAssociatedData(setID: setID)
        self.recentKeys = Array(repeating: nil, count: Self.recentKeysCount)
        self.keyring = keyring
        self.use = KeyUse(keyring)
        use.start { [weak self] in self?.forgetKeys() }
    }

    /// The revision of the keyring that the keys at hand are of.
    var keyRevision: UInt64 { use.revision }

    /// Begins to use keys: before the first of a batch is asked for.
    @inline(__always)
    func begin() { use.begin() }

    /// Ends the use: what the batch had of keys is gone.
    @inline(__always)
    func end() { use.end() }

    /// Lets go of the keys at hand if others have taken their place, within a batch.
    func refreshKeys() { use.refresh() }

    @inline(never)
    private func forgetKeys() {
        recentKeys = Array(repeating: nil, count: Self.recentKeysCount)
        cipher.forgetKeys()
    }

    /// The data key for a namespace, ready to seal; a new one is pending in the keyring until it is synced.
    ///
    /// - Parameter token: The first token of the blind key.
    func dataKey(forNamespace token: NamespaceToken) throws(EnvironmentError) -> DataKey {
        let slot = Int(truncatingIfNeeded: token) & (Self.recentKeysCount - 1)
        if let recent = recentKeys[slot], recent.token == token { return recent.key }
        let key = try keyring.key(forNamespace: token)
        try cipher.prepare(key)
        recentKeys[slot] = (token, key)
        return key
    }

    /// Begins a sealing batch: a new random half of the nonce.
    ///
    /// Once for what is sealed without a pause (the messages of one read from a socket), before the first ``seal``.
    func beginBatch() throws(EnvironmentError) {
        try cipher.beginBatch()
    }

    /// The length of a message's sealed bytes.
    @inline(__always)
    func sealedBytes(of parts: MessageParts) -> Int {
        EnvelopeLayout.sealedBytes(of: parts, padding: padding)
    }

    /// Seals a message into its slot, which the plaintext passes through on its way: the slot must not be visible to a
    /// writer of files before this returns.
    ///
    /// - Parameters:
    ///   - key: From ``dataKey(forNamespace:)``.
    ///   - slot: Exactly ``sealedBytes(of:)`` bytes.
    func seal(
        _ parts: MessageParts,
        recordType: RecordType,
        collection: RecordCollection = .retained,
        blindKey: UnsafeRawBufferPointer,
        key: DataKey,
        into slot: UnsafeMutableRawBufferPointer
    ) {
        precondition(slot.count == sealedBytes(of: parts), "a slot that does not fit its message")
        let plaintext = slot[XAES256GCM.nonceBytes..<slot.count - XAES256GCM.tagBytes]
        EnvelopePlaintext.write(parts, into: UnsafeMutableRawBufferPointer(rebasing: plaintext))
        let bound = associatedData.write(
            recordType: recordType,
            collection: collection,
            blindKey: blindKey,
            keyID: key.id
        )
        cipher.seal(inPlace: slot, associatedData: bound, key: key)
    }
}
