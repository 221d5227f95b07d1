import MQTTProtocol
import Mosquitto
import Testing

/// The files of the deployment that Latch replaces, unchanged.
struct ReplacedDeploymentTests {
    @Test func itsConfigurationIsUnderstoodWithoutWarning() throws {
        let configuration = try MosquittoConfiguration.read(
            path: Fixture(name: "deploy/replaced/mosquitto.conf").path,
            environment: { _ in nil }
        )
        #expect(!configuration.isLocalOnly)
        #expect(configuration.listeners.map(\.endpoint) == [.tcp(host: nil, port: 1883), .tcp(host: nil, port: 9001)])
        #expect(configuration.listeners.map(\.transport) == [.mqtt, .websockets])
        for listener in configuration.listeners {
            #expect(listener.security.allowsAnonymous)
            #expect(listener.security.passwordFile == nil)
            #expect(listener.security.accessControlFile?.path == "/mosquitto/config/aclfile")
        }
        #expect(configuration.isPersistent)
        #expect(configuration.persistenceLocation?.path == "/var/lib/mosquitto")
        #expect(configuration.autosaveIntervalSeconds == 1)
        #expect(configuration.autosaveCountsChanges)
        #expect(configuration.persistenceSync == .always)
        #expect(configuration.warnings.isEmpty)
        #expect(configuration.ignored.isEmpty)
    }

    @Test func itsAccessControlListIsUnderstoodWithoutWarning() throws {
        let list = try AccessControlFile.read(path: Fixture(name: "deploy/replaced/aclfile").path)
        #expect(list.warnings.isEmpty)
        #expect(
            list.source == [
                AccessRule(subject: .everybody, permission: .readWrite, filter: Array("%u/#".utf8), line: 2)
            ]
        )
    }
}
