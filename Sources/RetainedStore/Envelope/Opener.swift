/// Turns envelopes into messages: one per reader, never shared between threads.
final class Opener {
    // One owner at a time is this class's contract; checking it anew for every message costs as much as the work.
    @exclusivity(unchecked) private var cipher: XAESOpener
    @exclusivity(unchecked) private var associatedData: EnvelopeAssociatedData
    private let keyring: Keyring
    private let use: KeyUse

    init(setID: SetID, keyring: Keyring) throws(EnvironmentError) {
        self.cipher = try XAESOpener()
        self.associatedData = EnvelopeAssociatedData(setID: setID)
        self.keyring = keyring
        self.use = KeyUse(keyring)
        use.start { [weak self] in self?.cipher.forgetKeys() }
    }

    /// Begins to use keys, once for each batch, so that it costs nothing for each envelope: without those that have been destroyed or
    /// replaced.
    @inline(__always)
    func begin() { use.begin() }

    /// Ends the use.
    @inline(__always)
    func end() { use.end() }

    /// Whether a record that does not open is one whose key was destroyed, and so one that is gone.
    func isShredded(keyID: DataKeyID, blindKey: UnsafeRawBufferPointer, version: UInt64) -> Bool {
        keyring.shreddedKey(id: keyID)?.covers(blindKey: blindKey, version: version) ?? false
    }

    /// The room that ``open(_:recordType:collection:blindKey:keyID:into:)`` needs for so many sealed bytes.
    static func plaintextBytes(ofSealedBytes count: Int) -> Int {
        max(0, count - XAES256GCM.overheadBytes)
    }

    /// Opens sealed bytes into the caller's memory and returns views of it.
    ///
    /// - Parameters:
    ///   - sealed: nonce ‖ ciphertext ‖ tag.
    ///   - buffer: At least ``plaintextBytes(ofSealedBytes:)``; may be the ciphertext's own memory. What is returned
    ///     points into it.
    /// - Throws: `EnvelopeError`; the buffer has been wiped if the bytes were not authentic.
    func open(
        _ sealed: UnsafeRawBufferPointer,
        recordType: RecordType,
        collection: RecordCollection = .retained,
        blindKey: UnsafeRawBufferPointer,
        keyID: DataKeyID,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(EnvelopeError) -> MessageParts {
        let plaintextBytes = Self.plaintextBytes(ofSealedBytes: sealed.count)
        guard plaintextBytes >= EnvelopeLayout.plaintextHeaderBytes else { throw .tooShort(found: sealed.count) }
        precondition(buffer.count >= plaintextBytes, "a buffer shorter than the plaintext")
        guard let plaintext = buffer.baseAddress else { throw .tooShort(found: sealed.count) }
        // Whoever opens a single envelope, as a checkpoint does a clear, uses keys as well as whoever has begun a batch.
        use.begin()
        defer { use.end() }
        if !cipher.isPrepared(keyID: keyID) { try prepare(keyID) }
        let bound = associatedData.write(
            recordType: recordType,
            collection: collection,
            blindKey: blindKey,
            keyID: keyID
        )
        guard cipher.open(sealed, associatedData: bound, keyID: keyID, into: plaintext) else { throw .notAuthentic }
        return try EnvelopePlaintext.parse(UnsafeRawBufferPointer(start: plaintext, count: plaintextBytes))
    }

    @inline(never)
    private func prepare(_ keyID: DataKeyID) throws(EnvelopeError) {
        guard let key = keyring.key(id: keyID) else { throw .unknownKey(keyID) }
        do throws(EnvironmentError) {
            try cipher.prepare(key)
        } catch {
            throw .environment(error)
        }
    }
}
