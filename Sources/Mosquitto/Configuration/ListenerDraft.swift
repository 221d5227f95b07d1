import MQTTWire

/// A listener while its options are being read.
struct ListenerDraft {
    /// Security settings of which nothing is known until a line states it.
    struct Security {
        var allowsAnonymous: Bool?
        var passwordFile: ReferencedFile?
        var tokens = TokenDraft()
        var accessControlFile: ReferencedFile?
        var allowsEmptyClientID: Bool?
        var assignedClientIDPrefix: String?
    }

    var location: SourceLocation?
    var endpoint: MosquittoListener.Endpoint
    var transport = MosquittoListener.Transport.mqtt
    var socketDomain = MosquittoListener.SocketDomain.any
    var connectionsMax: Int?
    var qosMax: UInt8 = 2
    var topicAliasMax: UInt16 = 10
    var topicAliasBrokerMax: UInt16 = 10
    var proxyProtocolVersion: Int?
    var webSocketOrigins: [String] = []
    var tls = TLSDraft()
    var acceptedVersions = Set(ProtocolVersion.allCases)
    var mountPoint: [UInt8] = []
    var security = Security()

    /// The finished listener; what it does not state itself comes from the global settings.
    ///
    /// - Parameter allowsAnonymous: what holds if neither the listener nor the global settings say.
    func finished(global: Security, allowsAnonymous: Bool) throws(MosquittoFileError) -> MosquittoListener {
        var listener = MosquittoListener(
            location: location,
            endpoint: endpoint,
            security: SecuritySettings(
                allowsAnonymous: security.allowsAnonymous ?? global.allowsAnonymous ?? allowsAnonymous,
                passwordFile: security.passwordFile ?? global.passwordFile,
                accessControlFile: security.accessControlFile ?? global.accessControlFile,
                allowsEmptyClientID: security.allowsEmptyClientID ?? global.allowsEmptyClientID ?? true,
                assignedClientIDPrefix: security.assignedClientIDPrefix ?? global.assignedClientIDPrefix ?? "auto-"
            )
        )
        listener.security.tokens = try (security.tokens.isEmpty ? global.tokens : security.tokens)
            .finished(isOpenToPages: transport == .websockets && webSocketOrigins.isEmpty)
        listener.transport = transport
        listener.socketDomain = socketDomain
        listener.connectionsMax = connectionsMax
        listener.qosMax = qosMax
        listener.topicAliasMax = topicAliasMax
        listener.topicAliasBrokerMax = topicAliasBrokerMax
        listener.proxyProtocolVersion = proxyProtocolVersion
        listener.webSocketOrigins = webSocketOrigins
        listener.tls = try tls.finished()
        listener.acceptedVersions = acceptedVersions
        listener.mountPoint = mountPoint
        return listener
    }
}
