extension ConfigurationParser {
    /// Takes the value of one directive about TLS, for the listener that it belongs to.
    mutating func applyTLS(_ directive: Directive, _ line: inout DirectiveLine) throws(MosquittoFileError) {
        var draft = TLSDraft()
        let index = listenerOrDefault(line)
        swap(&draft, &drafts[index].tls)
        // A draft that is left half changed is never looked at again: the error ends the reading.
        let isRequest = try Self.apply(directive, &line, to: &draft)
        if isRequest, draft.firstRequest == nil { draft.firstRequest = (line.name, line.location) }
        swap(&draft, &drafts[index].tls)
    }

    /// - Returns: whether the line asks for something that only TLS can give.
    private static func apply(
        _ directive: Directive,
        _ line: inout DirectiveLine,
        to draft: inout TLSDraft
    ) throws(MosquittoFileError) -> Bool {
        switch directive {
        case .certFile: draft.certificateFile = try line.file()
        case .keyFile: draft.keyFile = try line.file()
        case .caFile: draft.authorityFile = try line.file()
        case .caPath: draft.authorityDirectory = try line.file()
        case .crlFile: draft.revocationListFile = try line.file()
        case .ciphers: draft.ciphers = try line.located()
        case .tlsVersion:
            draft.minimumVersion = try line.choice(TLSSettings.Version.allCases.map { ($0.rawValue, $0) })
        case .requireCertificate:
            draft.requiresCertificate = try line.boolean()
            draft.certificateRequest = (line.name, line.location)
            return draft.requiresCertificate
        case .disableClientCertificateDateChecks:
            draft.checksDates = try !line.boolean()
            return !draft.checksDates
        case .useIdentityAsUserName:
            draft.usesIdentity = try line.boolean()
            if draft.usesIdentity { draft.identityRequest = (line.name, line.location) }
            return draft.usesIdentity
        case .useSubjectAsUserName:
            draft.usesSubject = try line.boolean()
            if draft.usesSubject { draft.identityRequest = (line.name, line.location) }
            return draft.usesSubject
        default:
            preconditionFailure("\(directive) is not about TLS")
        }
        return true
    }
}
