import Mosquitto
import RetainedStore
import MQTTProtocol
import Testing

@testable import LatchCommands

/// What a mosquitto.conf, or none, asks of the broker.
@Suite struct ServeSettingsTests {
    private static let deployment: String = {
        let package = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(package)/Fixtures/deploy/replaced/mosquitto.conf"
    }()

    private func local(ports: [UInt16] = []) throws -> ServeSettings {
        .local(places: try DefaultPlaces(store: "/s", key: "/k", environment: { _ in nil }), ports: ports)
    }

    @Test func withoutAConfigurationThisMachineOnly() throws {
        let settings = try local()
        #expect(
            settings.listeners.map(\.endpoint) == [
                .tcp(host: "127.0.0.1", port: 1883), .tcp(host: "::1", port: 1883),
                .tcp(host: "127.0.0.1", port: 9001), .tcp(host: "::1", port: 9001),
            ]
        )
        #expect(settings.listeners.map(\.transport) == [.mqtt, .mqtt, .websockets, .websockets])
        #expect(settings.listeners.allSatisfy { $0.security.allowsAnonymous })
        #expect(settings.store == .directory("/s"))
        #expect(settings.masterKeyFile == "/k")
        #expect(settings.mayGenerateKey)
        #expect(settings.sync == .always)
        #expect(settings.nameWarning == nil)
    }

    @Test func aPortReplacesTheDefaultOnes() throws {
        let listeners = try local(ports: [1, 2]).listeners
        #expect(
            listeners.map(\.endpoint) == [
                .tcp(host: "127.0.0.1", port: 1), .tcp(host: "::1", port: 1),
                .tcp(host: "127.0.0.1", port: 2), .tcp(host: "::1", port: 2),
            ]
        )
        #expect(listeners.allSatisfy { $0.transport == .mqtt })
    }

    @Test func theReplacedDeploymentNeedsNoChange() throws {
        let settings = try ServeSettings(.read(path: Self.deployment), path: Self.deployment, ports: [])
        #expect(settings.listeners.map(\.endpoint) == [.tcp(host: nil, port: 1883), .tcp(host: nil, port: 9001)])
        #expect(settings.listeners.map(\.transport) == [.mqtt, .websockets])
        #expect(settings.store == .directory("/var/lib/mosquitto/latch"))
        #expect(settings.sync == .always)
        #expect(!settings.mayGenerateKey)
        #expect(settings.warnings == [settings.nameWarning])
        #expect(settings.nameWarning?.contains("port 1883, port 9001") == true)
    }

    @Test(arguments: [
        (nil, "latch"), ("", "latch"), ("/var/lib/mosquitto", "/var/lib/mosquitto/latch"), ("data/", "data/latch"),
    ])
    func theStoreLiesInPersistenceLocation(location: String?, directory: String) {
        #expect(ServeSettings.storeDirectory(location) == directory)
    }

    @Test func withoutPersistenceTheStoreIsTemporary() throws {
        #expect(try ServeSettings(text: "listener 1\n").store == .temporary)
        #expect(try ServeSettings(text: "persistence false\npersistence_location /d\n").store == .temporary)
    }

    @Test(arguments: [
        ("", SyncPolicy.always), ("autosave_interval 1", .always), ("persistence_sync always", .always),
        ("persistence_sync interval\nautosave_interval 0.25", .interval(milliseconds: 250)),
        ("persistence_sync interval\nautosave_interval 0.0001", .interval(milliseconds: 1)),
        (
            "persistence_sync interval\nautosave_interval 9999999999999999999.5",
            .interval(milliseconds: 315_360_000_000)
        ),
        ("persistence_sync interval", .interval(milliseconds: 1_800_000)), ("persistence_sync none", .none),
    ])
    func syncing(lines: String, policy: SyncPolicy) throws {
        #expect(try ServeSettings(text: "persistence true\n\(lines)\n").sync == policy)
    }

    @Test func aPortComesOnTopOfListeners() throws {
        let settings = try ServeSettings(text: "listener 1 127.0.0.1\nallow_anonymous true\n", ports: [2])
        #expect(settings.listeners.map(\.endpoint) == [.tcp(host: "127.0.0.1", port: 1), .tcp(host: nil, port: 2)])
    }

    @Test func aPortReplacesTheListenerThatNoLineAsksFor() throws {
        let settings = try ServeSettings(text: "persistence false\n", ports: [2])
        #expect(settings.listeners.map(\.endpoint) == [.tcp(host: "127.0.0.1", port: 2), .tcp(host: "::1", port: 2)])
        #expect(settings.listeners.allSatisfy { $0.security.allowsAnonymous })
    }

    @Test func placesAreTakenAsTheyStand() throws {
        let settings = try ServeSettings(
            text: """
                master_key_file /k/master.key
                keyring_location /k/ring
                user mqtt
                pid_file /run/latch.pid
                check_retain_source false
                acl_subscribe filter
                """
        )
        #expect(settings.masterKeyFile == "/k/master.key")
        #expect(settings.keyringPath == "/k/ring")
        #expect(settings.user == "mqtt")
        #expect(settings.processIDFile == "/run/latch.pid")
        #expect(!settings.isRetainSourceChecked)
        #expect(settings.subscribePolicy == .filter)
    }

    @Test func limitsOfTheWholeBroker() throws {
        let settings = try ServeSettings(
            text: "listener 1\nglobal_max_clients 10\nglobal_max_connections 5\nsys_interval 0\n"
        )
        #expect(settings.sessionsMax == 10)
        #expect(settings.connectionsMax == 5)
        #expect(settings.systemIntervalSeconds == 0)
        let unlimited = try ServeSettings(text: "listener 1\nglobal_max_clients -1\n")
        #expect(unlimited.sessionsMax == nil && unlimited.connectionsMax == nil)
        #expect(unlimited.systemIntervalSeconds == 10)
    }

    @Test func oneWarningNamesAllIgnoredDirectives() throws {
        let warnings = try ServeSettings(text: "packet_buffer_size 10\nretry_interval 20\n").warnings
        #expect(warnings.count == 1)
        #expect(
            warnings.first?.contains("packet_buffer_size") == true && warnings.first?.contains("retry_interval") == true
        )
    }
}
