import MQTTProtocol
import MQTTWire

extension ConfigurationParser {
    /// The largest payload that an MQTT packet can carry (MQTT 5.0 §2.1.4).
    private static let payloadBytesMax = 268_435_455
    /// The smallest packet limit with which a client can still connect, as in mosquitto.
    private static let packetBytesMin = 20

    /// Takes the value of one directive.
    mutating func apply(_ directive: Directive, _ line: inout DirectiveLine) throws(MosquittoFileError) {
        switch directive {
        case .listener: try addListener(&line)
        case .port: try setDefaultPort(&line)
        case .bindAddress: try setDefaultHost(&line)
        case .transport:
            let transport = try Self.transport(&line)
            drafts[listenerOrDefault(line)].transport = transport
        case .socketDomain:
            let domain: MosquittoListener.SocketDomain = try line.choice([("ipv4", .ipv4), ("ipv6", .ipv6)])
            drafts[listenerOrDefault(line)].socketDomain = domain
        case .maxConnections:
            let connectionsMax = try Self.limit(&line)
            drafts[listenerOrDefault(line)].connectionsMax = connectionsMax
        case .maxQoS:
            let qosMax = UInt8(try line.integer(0...2))
            drafts[listenerOrDefault(line)].qosMax = qosMax
        case .maxTopicAlias:
            let index = try requiredListener(line)
            drafts[index].topicAliasMax = UInt16(try line.integer(0...Int(UInt16.max)))
        case .maxTopicAliasBroker:
            let index = try requiredListener(line)
            drafts[index].topicAliasBrokerMax = UInt16(try line.integer(0...Int(UInt16.max)))
        case .acceptProtocolVersions:
            let versions = try Self.protocolVersions(&line)
            drafts[listenerOrDefault(line)].acceptedVersions = versions
        case .mountPoint:
            let mountPoint = try Self.mountPoint(&line)
            drafts[listenerOrDefault(line)].mountPoint = mountPoint
        case .listenerAllowAnonymous:
            let index = try requiredListener(line)
            drafts[index].security.allowsAnonymous = try line.boolean()
        case .listenerAutoIDPrefix:
            let index = try requiredListener(line)
            drafts[index].security.assignedClientIDPrefix = try Self.clientIDPrefix(&line)

        case .certFile, .keyFile, .caFile, .caPath, .crlFile, .requireCertificate, .disableClientCertificateDateChecks,
            .useIdentityAsUserName, .useSubjectAsUserName, .tlsVersion, .ciphers:
            try applyTLS(directive, &line)

        case .proxyProtocol:
            let index = try requiredListener(line)
            drafts[index].proxyProtocolVersion = try line.integer(1...2)
        case .webSocketOrigin:
            let index = try requiredListener(line)
            drafts[index].webSocketOrigins.append(try line.text())
        case .trustedProxyAddress: configuration.trustedProxyAddresses.append(try line.located())
        case .trustedProxyHeader:
            let names = MosquittoConfiguration.TrustedProxyHeader.allCases
            configuration.trustedProxyHeader = try line.choice(names.map { ($0.rawValue, $0) })

        case .perListenerSettings: try setPerListener(&line)
        case .allowAnonymous:
            let value = try line.boolean()
            try changeSecurity(line) { $0.allowsAnonymous = value }
        case .passwordFile:
            let file = try line.file()
            try changeSecurity(line) { $0.passwordFile = file }
        case .aclFile:
            let file = try line.file()
            try changeSecurity(line) { $0.accessControlFile = file }
        case .allowZeroLengthClientID:
            let value = try line.boolean()
            try changeSecurity(line) { $0.allowsEmptyClientID = value }
        case .autoIDPrefix:
            let prefix = try Self.clientIDPrefix(&line)
            try changeSecurity(line) { $0.assignedClientIDPrefix = prefix }
        case .tokenKeySetFile, .tokenKeySetURL, .tokenKeySetAuthorityFile, .tokenKeySetRefresh, .tokenIssuer,
            .tokenAudience, .tokenUserNameClaim, .tokenLeeway, .tokenHeader, .tokenCookie, .apiTokenFile:
            try applyTokens(directive, &line)
        case .clientIDPrefixes: configuration.clientIDPrefix = try line.text()
        case .limitConnectionsPerAddress: configuration.connectionsPerAddressMax = .stated(try Self.limit(&line))
        case .limitConnectionRate: configuration.connectionsPerSecondMax = .stated(try Self.limit(&line))
        case .banAfterFailures: configuration.failuresPerMinuteMax = .stated(try Self.limit(&line))
        case .banSeconds: configuration.banSeconds = try line.integer(1...31_536_000)
        case .limitConnectSeconds: configuration.connectSecondsMax = try line.integer(1...3_600)
        case .limitConnectionsPerUser: configuration.userLimits.connectionsMax = try Self.limit(&line)
        case .limitConnectionRatePerUser: configuration.userLimits.connectionsPerSecondMax = try Self.limit(&line)
        case .limitPublishRatePerUser: configuration.userLimits.publishesPerSecondMax = try Self.limit(&line)
        case .limitPublishBytesPerUser: configuration.userLimits.publishBytesPerSecondMax = try Self.limit(&line)
        case .limitPublishRatePerAddress: configuration.publishesPerSecondOfAddressMax = try Self.limit(&line)
        case .limitPublishBytesPerAddress: configuration.publishBytesPerSecondOfAddressMax = try Self.limit(&line)
        case .limitPublishSeconds: configuration.publishSlowedSecondsMax = try Self.limit(&line)
        case .limitQueuedBytesPerUser: configuration.userLimits.queuedBytesMax = try Self.limit(&line)
        case .limitQueuedBytesPerAddress: configuration.queuedBytesOfAddressMax = .stated(try Self.limit(&line))
        case .limitSubscriptionsPerUser: configuration.userLimits.subscriptionsMax = try Self.limit(&line)
        case .limitSubscriptionsPerAddress: configuration.subscriptionsOfAddressMax = .stated(try Self.limit(&line))
        case .limitRetainedMessages: configuration.retainedMessagesMax = try Self.limit(&line)
        case .limitRetainedBytes: configuration.retainedBytesMax = try line.bytes()
        case .limitRetainedMessagesPerUser: configuration.userLimits.retainedMessagesMax = try Self.limit(&line)
        case .limitRetainedBytesPerUser: configuration.userLimits.retainedBytesMax = try line.bytes()
        case .limitRetainedMessagesPerAddress: configuration.retainedMessagesOfAddressMax = try Self.limit(&line)
        case .limitRetainedBytesPerAddress: configuration.retainedBytesOfAddressMax = try line.bytes()
        case .limitTopicLevels: configuration.topicLevelsMax = try line.integer(1...WireLimits.topicLevelsMax)
        case .aclSubscribe:
            configuration.subscribePolicy = try line.choice(SubscribePolicy.allCases.map { ($0.rawValue, $0) })

        case .persistence: configuration.isPersistent = try line.boolean()
        case .persistenceLocation: configuration.persistenceLocation = try line.file()
        case .autosaveInterval: configuration.autosaveIntervalSeconds = try line.seconds()
        case .autosaveOnChanges: configuration.autosaveCountsChanges = try line.boolean()
        case .persistenceSync:
            configuration.persistenceSync = try line.choice(PersistenceSync.allCases.map { ($0.rawValue, $0) })
        case .masterKeyFile: configuration.masterKeyFile = try line.file()
        case .masterKeyCommand: configuration.masterKeyCommand = try line.text()
        case .keyringLocation: configuration.keyringLocation = try line.file()
        case .recoverOnStart:
            configuration.recoverOnStart = try line.choice(RecoverOnStart.allCases.map { ($0.rawValue, $0) })

        case .retainAvailable: configuration.isRetainAvailable = try line.boolean()
        case .retainExpiryInterval:
            let minutes = try line.integer(0...Int(Int32.max))
            configuration.retainExpiryIntervalMinutes = minutes == 0 ? nil : minutes
        case .checkRetainSource: configuration.checksRetainSource = try line.boolean()
        case .maxInflightMessages:
            configuration.inflightMessagesMax = try Self.inflightMessagesMax(&line)
            configuration.isInflightMessagesMaxGiven = true
        case .maxInflightBytes: configuration.inflightBytesMax = try Self.limit(&line)
        case .maxQueuedMessages: configuration.queuedMessagesMax = try Self.limit(&line)
        case .maxQueuedBytes: configuration.queuedBytesMax = try Self.limit(&line)
        case .queueQoS0Messages: configuration.queuesQoS0Messages = try line.boolean()
        case .maxPacketSize: configuration.packetBytesMax = try line.integer(Self.packetBytesMin...Int(Int32.max))
        case .messageSizeLimit:
            let bytes = try line.integer(0...Self.payloadBytesMax)
            configuration.payloadBytesMax = bytes == 0 ? nil : bytes
        case .maxKeepAlive:
            let seconds = UInt16(try line.integer(0...Int(UInt16.max)))
            configuration.keepAliveSecondsMax = seconds == 0 ? nil : seconds
        case .upgradeOutgoingQoS: configuration.upgradesOutgoingQoS = try line.boolean()
        case .responseInformation: configuration.responseInformation = try line.text()
        case .sysInterval: configuration.sysIntervalSeconds = try line.integer(0...Int(UInt16.max))
        case .persistentClientExpiration: configuration.sessionExpirySeconds = try Self.duration(&line)
        case .globalMaxClients: configuration.clientsMax = try Self.limit(&line)
        case .globalMaxConnections: configuration.connectionsMax = try Self.limit(&line)

        case .setTCPNoDelay: configuration.setsTCPNoDelay = try line.boolean()
        case .connectionMessages: configuration.log.logsConnections = try line.boolean()
        case .logDestination: try addLogDestination(&line)
        case .logType: try addLogType(&line)
        case .logTimestamp: configuration.log.hasTimestamps = try line.boolean()
        case .logTimestampFormat: configuration.log.timestampFormat = try line.text()
        case .logFacility: configuration.log.localFacility = try line.integer(0...7)
        case .auditDestination: configuration.audit.destination = try Self.auditDestination(&line)
        case .auditFormat:
            configuration.audit.format = try line.choice(AuditSettings.Format.allCases.map { ($0.rawValue, $0) })
        case .user: configuration.user = try line.text()
        case .pidFile: configuration.processIDFile = try line.file()
        case .includeDirectory: try include(&line)
        }
    }
}
