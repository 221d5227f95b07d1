/// Seals messages anew under another data key, to the byte as they are, padding included.
///
/// Not for two threads at once.
final class Resealer {
    private let keyring: Keyring
    private var opener: XAESOpener
    private var sealer: XAESSealer
    private var associatedData: EnvelopeAssociatedData

    init(setID: SetID, keyring: Keyring) throws(EnvironmentError) {
        self.keyring = keyring
        opener = try XAESOpener()
        sealer = try XAESSealer()
        associatedData = EnvelopeAssociatedData(setID: setID)
    }

    /// Begins a sealing batch: once for what is sealed without a pause, before the first ``reseal(_:blindKey:from:to:into:)``.
    func beginBatch() throws(EnvironmentError) {
        opener.forgetKeys()
        sealer.forgetKeys()
        try sealer.beginBatch()
    }

    /// Seals the message of a set under another key.
    ///
    /// - Parameters:
    ///   - output: As many bytes as `sealed`.
    /// - Returns: Whether the message could be opened; if not, `output` is worth nothing.
    func reseal(
        _ sealed: UnsafeRawBufferPointer,
        blindKey: UnsafeRawBufferPointer,
        from key: DataKey,
        to newKey: DataKey,
        into output: UnsafeMutableRawBufferPointer
    ) throws(EnvironmentError) -> Bool {
        precondition(output.count == sealed.count, "a message is as long as before")
        guard sealed.count >= XAES256GCM.overheadBytes, let base = output.baseAddress else { return false }
        try opener.prepare(key)
        try sealer.prepare(newKey)
        let bound = associatedData.write(
            recordType: .set,
            collection: RecordCollection(ofKey: blindKey),
            blindKey: blindKey,
            keyID: key.id
        )
        let plaintext = base + XAES256GCM.nonceBytes
        guard opener.open(sealed, associatedData: bound, keyID: key.id, into: plaintext) else { return false }
        let newBound = associatedData.write(
            recordType: .set,
            collection: RecordCollection(ofKey: blindKey),
            blindKey: blindKey,
            keyID: newKey.id
        )
        sealer.seal(inPlace: output, associatedData: newBound, key: newKey)
        return true
    }
}
