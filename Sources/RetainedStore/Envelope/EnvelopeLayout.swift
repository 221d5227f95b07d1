/// The lengths of an envelope: known before anything is sealed, so that its place in the journal can be reserved first.
enum EnvelopeLayout {
    /// The fixed part of a plaintext.
    static let plaintextHeaderBytes = 40

    /// The plaintext of a message.
    @inline(__always)
    static func plaintextBytes(of parts: MessageParts, padding: EnvelopePadding) -> Int {
        padding.paddedBytes(
            plaintextHeaderBytes + parts.topic.count + parts.clientID.count + parts.userName.count
                + parts.properties.count + parts.payload.count
        )
    }

    /// The sealed bytes of a message: nonce (24) ‖ ciphertext ‖ tag (16).
    @inline(__always)
    static func sealedBytes(of parts: MessageParts, padding: EnvelopePadding) -> Int {
        plaintextBytes(of: parts, padding: padding) + XAES256GCM.overheadBytes
    }

    /// The tag of sealed bytes, their last 16, as group MACs and the set digest take it.
    @inline(__always)
    static func tag(of sealed: UnsafeRawBufferPointer) -> UInt128 {
        sealed.loadLittleEndian(at: sealed.count - XAES256GCM.tagBytes)
    }
}
