import Authentication

/// The three parts of a signed JWT (RFC 7515 §3.1), decoded strictly and not believed yet.
struct CompactToken {
    let header: TokenHeader
    /// A JSON object, not read before the signature was checked.
    let payload: [UInt8]
    let signature: [UInt8]
    /// What the signature signs.
    let signedPart: ArraySlice<UInt8>

    /// - Returns: `nil` for anything that is not of this form.
    init?(_ token: [UInt8]) {
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count <= TokenLimits.headerBytesMax,
            let header = Base64URL.decoded(parts[0]).flatMap(TokenHeader.init(json:)),
            let payload = Base64URL.decoded(parts[1]), let signature = Base64URL.decoded(parts[2])
        else { return nil }
        self.header = header
        self.payload = payload
        self.signature = signature
        signedPart = token[..<parts[1].endIndex]
    }
}
