import Mosquitto
import Testing

/// Which security settings hold for which listener.
struct ConfigurationSecurityTests {
    @Test func securityIsGlobalWhereverItStands() throws {
        let listeners = try MosquittoConfiguration.of(
            "listener 1883",
            "allow_anonymous true",
            "listener 9001",
            "acl_file acl",
            "password_file passwords",
            "auto_id_prefix device-",
            "allow_zero_length_clientid false"
        ).listeners
        for listener in listeners {
            #expect(listener.security.allowsAnonymous)
            #expect(listener.security.accessControlFile?.path == "acl")
            #expect(listener.security.accessControlFile?.location.line == 4)
            #expect(listener.security.passwordFile?.path == "passwords")
            #expect(listener.security.assignedClientIDPrefix == "device-")
            #expect(!listener.security.allowsEmptyClientID)
        }
    }

    @Test func perListenerSettingsGiveEachListenerItsOwn() throws {
        let configuration = try MosquittoConfiguration.of(
            "per_listener_settings true",
            "listener 1883",
            "allow_anonymous true",
            "acl_file acl",
            "listener 9001",
            "password_file passwords",
            "acl_file other",
            "listener 9002"
        )
        let security = configuration.listeners.map(\.security)
        #expect(security.map(\.allowsAnonymous) == [true, false, false])
        #expect(security.map(\.accessControlFile?.path) == ["acl", "other", nil])
        #expect(security.map(\.passwordFile?.path) == [nil, "passwords", nil])
        #expect(configuration.warnings.isEmpty)
    }

    @Test func aStringSetTwiceForOneListenerIsRefused() {
        #expect(throws: MosquittoFileError.self) {
            try MosquittoConfiguration.of("per_listener_settings true", "listener 1", "acl_file a", "acl_file b")
        }
    }

    @Test func onceTruePerListenerSettingsStaysTrue() throws {
        let listeners = try MosquittoConfiguration.of(
            "per_listener_settings true",
            "per_listener_settings false",
            "listener 1883",
            "allow_anonymous true",
            "listener 1884"
        ).listeners
        #expect(listeners.map(\.security.allowsAnonymous) == [true, false])
    }

    @Test func perListenerSettingsMayBeDeniedAnywhere() throws {
        let configuration = try MosquittoConfiguration.of(
            "allow_anonymous true",
            "per_listener_settings false",
            "port 1"
        )
        #expect(configuration.onlyListener?.security.allowsAnonymous == true)
    }

    @Test func aListenerMayDifferFromTheGlobalSettings() throws {
        let listeners = try MosquittoConfiguration.of(
            "allow_anonymous true",
            "auto_id_prefix all-",
            "listener 1883",
            "listener_allow_anonymous false",
            "listener 1884",
            "listener_auto_id_prefix one-",
            "listener_allow_anonymous true"
        ).listeners
        #expect(listeners.map(\.security.allowsAnonymous) == [false, true])
        #expect(listeners.map(\.security.assignedClientIDPrefix) == ["all-", "one-"])
    }

    @Test func thePrefixOfClientIdentifiersHoldsForAllListeners() throws {
        let configuration = try MosquittoConfiguration.of("listener 1883", "clientid_prefixes secure-")
        #expect(configuration.clientIDPrefix == "secure-")
        #expect(try MosquittoConfiguration.of("").clientIDPrefix == nil)
    }

    @Test func aFileForOneListenerDoesNotReachAnotherOne() throws {
        let listeners = try MosquittoConfiguration.of(
            "listener 1883",
            "listener_allow_anonymous true",
            "listener 1884"
        ).listeners
        #expect(listeners.map(\.security.allowsAnonymous) == [true, false])
    }
}
