/// TLS of a listener while its options are being read.
struct TLSDraft {
    var certificateFile: ReferencedFile?
    var keyFile: ReferencedFile?
    var authorityFile: ReferencedFile?
    var authorityDirectory: ReferencedFile?
    var revocationListFile: ReferencedFile?
    var requiresCertificate = false
    var checksDates = true
    var usesIdentity = false
    var usesSubject = false
    var minimumVersion = TLSSettings.Version.tls12
    var ciphers: ReferencedText?
    /// The first line that asks for something which only TLS can give, with the directive's name.
    var firstRequest: (name: String, location: SourceLocation)?
    /// The line that asks for certificates of clients, or for names out of them.
    var certificateRequest: (name: String, location: SourceLocation)?
    var identityRequest: (name: String, location: SourceLocation)?

    /// The finished settings; `nil` for a listener without TLS.
    ///
    /// - Throws: where mosquitto would speak without TLS although a line asks for it, or would let nobody in.
    func finished() throws(MosquittoFileError) -> TLSSettings? {
        guard let certificateFile, let keyFile else {
            guard let firstRequest else { return nil }
            throw MosquittoFileError(
                .malformed,
                at: firstRequest.location,
                "\(firstRequest.name) belongs to a listener with TLS, and this one has no \(certificateFile == nil ? "certfile" : "keyfile")",
                remedy: "name both certfile and keyfile, or remove the line"
            )
        }
        if let certificateRequest, requiresCertificate, authorityFile == nil, authorityDirectory == nil {
            throw MosquittoFileError(
                .malformed,
                at: certificateRequest.location,
                "require_certificate has no authority to check certificates with, so nobody could connect",
                remedy: "name one with cafile or capath"
            )
        }
        if let identityRequest, !requiresCertificate {
            throw MosquittoFileError(
                .malformed,
                at: identityRequest.location,
                "\(identityRequest.name) takes names from certificates that nobody is asked for, so nobody could connect",
                remedy: "add require_certificate true"
            )
        }
        var settings = TLSSettings(certificateFile: certificateFile, keyFile: keyFile)
        settings.authorityFile = authorityFile
        settings.authorityDirectory = authorityDirectory
        settings.revocationListFile = revocationListFile
        settings.requiresCertificate = requiresCertificate
        settings.checksDates = checksDates
        // With both, mosquitto takes the common name.
        settings.userNameSource = usesIdentity ? .commonName : usesSubject ? .subject : nil
        settings.minimumVersion = minimumVersion
        settings.ciphers = ciphers
        return settings
    }
}
