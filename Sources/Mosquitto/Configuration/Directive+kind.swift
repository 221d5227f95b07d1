extension Directive {
    /// What a directive speaks about.
    enum Scope {
        /// The whole broker.
        case broker
        /// The last listener.
        case listener
        /// The last listener after `per_listener_settings true`, and otherwise the whole broker.
        case security
    }

    /// The directives of which one suffices to make the broker reachable from elsewhere.
    static let listenerMakers: [Directive] = [.listener, .port, .bindAddress]

    var scope: Scope {
        switch self {
        case .transport, .socketDomain, .maxConnections, .maxQoS, .maxTopicAlias, .maxTopicAliasBroker,
            .acceptProtocolVersions, .mountPoint,
            .proxyProtocol, .webSocketOrigin, .listenerAllowAnonymous, .listenerAutoIDPrefix, .certFile, .keyFile,
            .caFile, .caPath, .crlFile,
            .requireCertificate, .disableClientCertificateDateChecks, .useIdentityAsUserName, .useSubjectAsUserName,
            .tlsVersion, .ciphers:
            .listener
        case .allowAnonymous, .passwordFile, .aclFile, .allowZeroLengthClientID, .autoIDPrefix, .tokenKeySetFile,
            .tokenKeySetURL, .tokenKeySetAuthorityFile, .tokenKeySetRefresh, .tokenIssuer, .tokenAudience,
            .tokenUserNameClaim, .tokenLeeway, .tokenHeader, .tokenCookie, .apiTokenFile:
            .security
        default:
            .broker
        }
    }

    /// Whether the value is a string, which mosquitto refuses to set twice.
    var isText: Bool {
        switch self {
        case .bindAddress, .passwordFile, .aclFile, .autoIDPrefix, .listenerAutoIDPrefix, .persistenceLocation,
            .mountPoint, .responseInformation, .masterKeyFile, .masterKeyCommand, .keyringLocation, .logTimestampFormat,
            .clientIDPrefixes, .user, .auditDestination, .auditFormat,
            .pidFile, .certFile,
            .keyFile, .caFile, .caPath, .crlFile, .tlsVersion, .ciphers, .tokenKeySetFile, .tokenKeySetURL,
            .tokenKeySetAuthorityFile, .tokenIssuer, .tokenUserNameClaim, .tokenCookie, .apiTokenFile:
            true
        default:
            false
        }
    }

    /// Whether each line adds something, so that repeating the directive is no mistake.
    var mayRepeat: Bool {
        switch self {
        case .listener, .logDestination, .logType, .includeDirectory, .webSocketOrigin, .trustedProxyAddress,
            .tokenAudience, .tokenHeader:
            true
        default: false
        }
    }
}
