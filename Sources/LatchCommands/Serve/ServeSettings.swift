import Broker
import MQTTProtocol
import Mosquitto
import RetainedStore

/// Everything `latch serve` needs to know, whether it was read from a file or is the default.
struct ServeSettings {
    /// Where the retained messages live.
    enum StorePlace: Equatable {
        /// A directory that lasts.
        case directory(String)
        /// A directory of its own that is removed at exit (`persistence false`).
        case temporary
    }

    var listeners: [MosquittoListener]
    var store: StorePlace
    var sync: SyncPolicy
    /// Whether what is not synced is to be lost when the process is killed, as by a power cut: for measuring it.
    var losesUnsyncedWrites = false
    var keyringPath: String?
    /// What becomes of a store that is damaged at the start.
    var recoverOnStart = RecoverOnStart.refuse
    var masterKeyFile: String?
    var masterKeyCommand: String?
    /// Whether a key may be generated: only where no configuration is given.
    var mayGenerateKey: Bool
    var log: LogSettings
    /// Where security events go.
    var audit = AuditSettings()
    var user: String?
    var processIDFile: String?
    var subscribePolicy: SubscribePolicy
    var isRetainSourceChecked: Bool
    var clientIDPrefix: String?
    var trustedProxies: TrustedProxies?
    var addressLimits = AddressLimits()
    var publicAddressLimits = AddressLimits()
    var userLimits = AccountLimits()
    var retainedLimits = RetainedLimits()
    /// How long a client that publishes too fast is slowed before it is ended; `nil`: for ever.
    var slowedSecondsMax = MosquittoConfiguration().publishSlowedSecondsMax
    /// How long a client may take for each step up to its CONNECT.
    var connectSecondsMax = MosquittoConfiguration().connectSecondsMax
    var limits: ProtocolLimits
    /// Connections at a time over all listeners; `nil` for no limit.
    var connectionsMax: Int?
    /// Clients with a session, connected or not; `nil` for no limit.
    var sessionsMax: Int?
    /// How often `$SYS` is published; 0 for never.
    var systemIntervalSeconds = MosquittoConfiguration().sysIntervalSeconds
    /// How often, at most, expired retained messages are looked for.
    var sweepIntervalMilliseconds = StoreLimits().sweepIntervalMilliseconds
    /// Sentences to be logged as warnings.
    var warnings: [String]
    /// The configuration file, as given.
    var configurationFile: String?

    /// The settings without a configuration: an encrypted store, loopback, anonymous, as mosquitto's own local mode.
    ///
    /// - Parameter ports: from `-p`; empty: 1883 for MQTT and 9001 for WebSocket.
    static func local(places: DefaultPlaces, ports: [UInt16]) -> ServeSettings {
        let security = SecuritySettings(allowsAnonymous: true)
        var listeners: [MosquittoListener] = []
        for port in ports.isEmpty ? [1883] : ports {
            listeners += loopback(port: port, transport: .mqtt, security)
        }
        if ports.isEmpty { listeners += loopback(port: 9001, transport: .websockets, security) }
        return ServeSettings(
            listeners: listeners,
            store: .directory(places.store),
            sync: .always,
            masterKeyFile: places.key,
            mayGenerateKey: true,
            log: LogSettings(),
            subscribePolicy: .strict,
            isRetainSourceChecked: true,
            limits: ProtocolLimits(),
            warnings: []
        )
    }

    /// The settings that a mosquitto.conf asks for.
    ///
    /// - Parameter ports: from `-p`, in addition to the file's listeners.
    /// - Throws: ``CommandFailure`` for a value that is wrong where it stands.
    init(_ file: MosquittoConfiguration, path: String, ports: [UInt16]) throws(CommandFailure) {
        listeners = file.listeners
        if !ports.isEmpty {
            let security = file.listeners.first?.security ?? SecuritySettings(allowsAnonymous: file.isLocalOnly)
            if file.isLocalOnly {
                listeners = ports.flatMap { Self.loopback(port: $0, transport: .mqtt, security) }
            } else {
                listeners += ports.map { .init(endpoint: .tcp(host: nil, port: $0), security: security) }
            }
        }
        store = file.isPersistent ? .directory(Self.storeDirectory(file.persistenceLocation?.path)) : .temporary
        switch file.persistenceSync {
        case .always: sync = .always
        case .interval: sync = .interval(milliseconds: Self.intervalMilliseconds(file.autosaveIntervalSeconds))
        case .none: sync = .none
        }
        keyringPath = file.keyringLocation?.path
        recoverOnStart = file.recoverOnStart
        masterKeyFile = file.masterKeyFile?.path
        masterKeyCommand = file.masterKeyCommand
        mayGenerateKey = false
        log = file.log
        audit = file.audit
        user = file.user
        processIDFile = file.processIDFile?.path
        subscribePolicy = file.subscribePolicy
        isRetainSourceChecked = file.checksRetainSource
        clientIDPrefix = file.clientIDPrefix
        trustedProxies = try TrustedProxies.of(file)
        addressLimits = AddressLimits(file, isPublic: false)
        publicAddressLimits = AddressLimits(file, isPublic: true)
        userLimits = AccountLimits(file.userLimits)
        retainedLimits = RetainedLimits(file.retainedMessagesMax, bytes: file.retainedBytesMax)
        slowedSecondsMax = file.publishSlowedSecondsMax
        connectSecondsMax = file.connectSecondsMax
        limits = ProtocolLimits(file)
        connectionsMax = file.connectionsMax
        sessionsMax = file.clientsMax
        systemIntervalSeconds = file.sysIntervalSeconds
        if let minutes = file.retainExpiryIntervalMinutes { sweepIntervalMilliseconds = minutes * 60_000 }
        warnings = file.warnings.map { "\($0)" } + [file.ignoredSummary].compactMap(\.self)
        configurationFile = path
        if let nameWarning { warnings.append(nameWarning) }
    }

    /// `autosave_interval` in whole milliseconds: at least one, and never more than was asked for.
    private static func intervalMilliseconds(_ seconds: Double) -> Int {
        // A thousandth is not a binary fraction: 1.001 s are a hair less than 1001 ms.
        Int(min(max(1, seconds * 1000 + 1e-6), intervalMillisecondsMax))
    }

    /// Ten years: beyond it `persistence_sync none` is meant.
    private static let intervalMillisecondsMax = 10.0 * 365 * 86_400 * 1000

    private init(
        listeners: [MosquittoListener],
        store: StorePlace,
        sync: SyncPolicy,
        masterKeyFile: String?,
        mayGenerateKey: Bool,
        log: LogSettings,
        subscribePolicy: SubscribePolicy,
        isRetainSourceChecked: Bool,
        limits: ProtocolLimits,
        warnings: [String]
    ) {
        self.listeners = listeners
        self.store = store
        self.sync = sync
        self.masterKeyFile = masterKeyFile
        self.mayGenerateKey = mayGenerateKey
        self.log = log
        self.subscribePolicy = subscribePolicy
        self.isRetainSourceChecked = isRetainSourceChecked
        self.limits = limits
        self.warnings = warnings
    }

    /// Both loopback addresses; a machine without IPv6 starts with the one that it has.
    private static func loopback(
        port: UInt16,
        transport: MosquittoListener.Transport,
        _ security: SecuritySettings
    ) -> [MosquittoListener] {
        ["127.0.0.1", "::1"].map { host in
            var listener = MosquittoListener(endpoint: .tcp(host: host, port: port), security: security)
            listener.transport = transport
            return listener
        }
    }

    /// `persistence_location/latch`, whether or not the location ends with a slash.
    static func storeDirectory(_ location: String?) -> String {
        guard let location, !location.isEmpty else { return "latch" }
        return location.hasSuffix("/") ? location + "latch" : location + "/latch"
    }
}
