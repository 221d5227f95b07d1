import MQTTProtocol
import Mosquitto
import Testing

/// What each directive changes, and what holds without it.
struct ConfigurationValueTests {
    /// A line, and what it is expected to change.
    struct Case: CustomTestStringConvertible, Sendable {
        var line: String
        var expected: @Sendable (inout MosquittoConfiguration) -> Void

        init(_ line: String, _ expected: @escaping @Sendable (inout MosquittoConfiguration) -> Void) {
            self.line = line
            self.expected = expected
        }

        var testDescription: String { line }
    }

    @Test func withoutAFileTheDefaultsOfMosquittoHold() throws {
        let configuration = try MosquittoConfiguration.of("")
        #expect(!configuration.isPersistent)
        #expect(configuration.persistenceLocation == nil)
        #expect(configuration.autosaveIntervalSeconds == 1800)
        #expect(!configuration.autosaveCountsChanges)
        #expect(configuration.sessionExpirySeconds == nil)
        #expect(configuration.isRetainAvailable)
        #expect(configuration.checksRetainSource)
        #expect(configuration.inflightMessagesMax == 20)
        #expect(configuration.queuedMessagesMax == 1000)
        #expect(configuration.queuedBytesMax == nil)
        #expect(!configuration.queuesQoS0Messages)
        #expect(configuration.packetBytesMax == 2_000_000)
        #expect(configuration.payloadBytesMax == nil)
        #expect(configuration.keepAliveSecondsMax == nil)
        #expect(configuration.clientsMax == nil)
        #expect(configuration.connectionsMax == nil)
        #expect(!configuration.setsTCPNoDelay)
        #expect(configuration.log.destinations == [.stderr])
        #expect(configuration.log.types == [.error, .warning, .notice, .information])
        #expect(configuration.log.hasTimestamps)
        #expect(configuration.log.logsConnections)
        #expect(configuration.persistenceSync == .always)
        #expect(configuration.subscribePolicy == .strict)
        let listener = configuration.listeners[0]
        #expect(listener.transport == .mqtt)
        #expect(listener.connectionsMax == nil)
        #expect(listener.qosMax == 2)
        #expect(listener.topicAliasMax == 10)
        #expect(listener.topicAliasBrokerMax == 10)
        #expect(listener.security.allowsEmptyClientID)
        #expect(listener.security.assignedClientIDPrefix == "auto-")
    }

    @Test(arguments: [
        Case("persistence true") { $0.isPersistent = true },
        Case("autosave_interval 1") { $0.autosaveIntervalSeconds = 1 },
        Case("autosave_interval 0.25") { $0.autosaveIntervalSeconds = 0.25 },
        Case("autosave_interval -5") { $0.autosaveIntervalSeconds = 0 },
        Case("autosave_on_changes true") { $0.autosaveCountsChanges = true },
        Case("persistence_sync none") { $0.persistenceSync = .none },
        Case("persistence_sync interval") { $0.persistenceSync = .interval },
        Case("persistence_location data") { $0.persistenceLocation = Self.file("data") },
        Case("master_key_file /k") { $0.masterKeyFile = Self.file("/k") },
        Case("master_key_command pass show latch") { $0.masterKeyCommand = "pass show latch" },
        Case("keyring_location /r") { $0.keyringLocation = Self.file("/r") },
        Case("recover_on_start salvage") { $0.recoverOnStart = .salvage },
        Case("recover_on_start refuse") { $0.recoverOnStart = .refuse },
        Case("retain_available false") { $0.isRetainAvailable = false },
        Case("retain_expiry_interval 90") { $0.retainExpiryIntervalMinutes = 90 },
        Case("retain_expiry_interval 0") { _ in },
        Case("check_retain_source false") { $0.checksRetainSource = false },
        Case("max_inflight_messages 1") {
            $0.inflightMessagesMax = 1
            $0.isInflightMessagesMaxGiven = true
        },
        Case("max_inflight_messages 0") {
            $0.inflightMessagesMax = nil
            $0.isInflightMessagesMaxGiven = true
        },
        Case("max_inflight_messages 65535") {
            $0.inflightMessagesMax = nil
            $0.isInflightMessagesMaxGiven = true
        },
        Case("max_queued_messages 0") { $0.queuedMessagesMax = nil },
        Case("max_queued_bytes 4096") { $0.queuedBytesMax = 4096 },
        Case("queue_qos0_messages true") { $0.queuesQoS0Messages = true },
        Case("max_packet_size 20") { $0.packetBytesMax = 20 },
        Case("message_size_limit 100") { $0.payloadBytesMax = 100 },
        Case("message_size_limit 0") { _ in },
        Case("max_keepalive 60") { $0.keepAliveSecondsMax = 60 },
        Case("max_keepalive 0") { _ in },
        Case("persistent_client_expiration 90s") { $0.sessionExpirySeconds = 90 },
        Case("persistent_client_expiration 2h") { $0.sessionExpirySeconds = 7200 },
        Case("persistent_client_expiration 14d") { $0.sessionExpirySeconds = 14 * 86_400 },
        Case("persistent_client_expiration 1w") { $0.sessionExpirySeconds = 7 * 86_400 },
        Case("persistent_client_expiration 1m") { $0.sessionExpirySeconds = 30 * 86_400 },
        Case("persistent_client_expiration 1y") { $0.sessionExpirySeconds = 365 * 86_400 },
        Case("global_max_clients 5") { $0.clientsMax = 5 },
        Case("global_max_connections 6") { $0.connectionsMax = 6 },
        Case("global_max_connections -1") { _ in },
        Case("acl_subscribe filter") { $0.subscribePolicy = .filter },
        Case("set_tcp_nodelay true") { $0.setsTCPNoDelay = true },
        Case("connection_messages false") { $0.log.logsConnections = false },
        Case("log_timestamp false") { $0.log.hasTimestamps = false },
        Case("log_timestamp_format %Y-%m-%dT%H:%M:%S") { $0.log.timestampFormat = "%Y-%m-%dT%H:%M:%S" },
        Case("log_facility 3") { $0.log.localFacility = 3 },
        Case("log_dest stdout") { $0.log.destinations = [.stdout] },
        Case("log_dest none") { $0.log.destinations = [] },
        Case("log_dest file /var/log/my latch.log") {
            $0.log.destinations = [.file(Self.file("/var/log/my latch.log"))]
        },
        Case("log_dest stdout\nlog_dest syslog\nlog_dest stdout") { $0.log.destinations = [.stdout, .syslog] },
        Case("log_dest stdout\nlog_dest none\nlog_dest stderr") { $0.log.destinations = [.stderr] },
        Case("log_type debug") { $0.log.types = [.debug] },
        Case("log_type error\nlog_type subscribe") { $0.log.types = [.error, .subscribe] },
        Case("log_type all\nlog_type error") { $0.log.types = .all },
        Case("log_type error\nlog_type none\nlog_type warning") { $0.log.types = [.warning] },
        Case("user nobody") { $0.user = "nobody" },
        Case("pid_file /run/latch.pid") { $0.processIDFile = Self.file("/run/latch.pid") },
    ])
    func aDirectiveChangesOneValue(_ value: Case) throws {
        var expected = try MosquittoConfiguration.of("")
        value.expected(&expected)
        var configuration = try MosquittoConfiguration.of(value.line)
        configuration.sources = [:]
        #expect(configuration == expected)
    }

    @Test(arguments: [
        "autosave_interval 1e3", "autosave_interval inf", "autosave_interval 1.2.3", "autosave_interval nan",
        "persistent_client_expiration 0d", "persistent_client_expiration d", "persistent_client_expiration -1d",
        "message_size_limit -1", "message_size_limit 268435456", "max_keepalive 65536", "log_facility 8",
        "max_inflight_messages 65536", "acl_subscribe no", "log_dest file", "retain_expiry_interval -1",
        "retain_expiry_interval 1h",
    ])
    func aValueOutsideItsRangeIsRefused(line: String) {
        #expect(throws: MosquittoFileError.self) { try MosquittoConfiguration.of(line) }
    }

    @Test func theEnvironmentHasTheLastWordOnTheLocation() throws {
        let configuration = try MosquittoConfiguration.of(
            "persistence_location /from/the/file",
            environment: ["MOSQUITTO_PERSISTENCE_LOCATION": "/from/the/environment"]
        )
        #expect(configuration.persistenceLocation?.path == "/from/the/environment")
        let unset = try MosquittoConfiguration.of(
            "persistence_location /from/the/file",
            environment: ["MOSQUITTO_PERSISTENCE_LOCATION": ""]
        )
        #expect(unset.persistenceLocation == nil)
    }

    @Test func harmlessDirectivesAreNamedInOneSentence() throws {
        let configuration = try MosquittoConfiguration.of(
            "persistence_file my.db",
            "packet_buffer_size 60",
            "log_dest topic",
            "enable_control_api false",
            "use_username_as_clientid 0",
            "memory_limit 0x0"
        )
        #expect(
            configuration.ignored.map(\.name) == [
                "persistence_file", "packet_buffer_size", "log_dest", "enable_control_api", "use_username_as_clientid",
                "memory_limit",
            ]
        )
        let summary = try #require(configuration.ignoredSummary)
        #expect(summary.contains("persistence_file (FILE:1: the store is a directory in persistence_location)"))
        #expect(summary.contains("memory_limit (FILE:6: this is the default)"))
        #expect(try MosquittoConfiguration.of("").ignoredSummary == nil)
    }

    @Test func aFeatureThatIsAskedForIsNotIgnored() {
        for line in ["bind_interface eth0", "require_certificate", "memory_limit 1", "enable_control_api 1"] {
            #expect(throws: MosquittoFileError.self, "\(line)") { try MosquittoConfiguration.of(line) }
        }
    }

    private static func file(_ path: String) -> ReferencedFile {
        ReferencedFile(path: path, location: SourceLocation(file: "FILE", line: 1))
    }
}
