import Broker
import Glibc
import RetainedStore
import Testing

@testable import LatchCommands

/// Which exit code an error of the engine or of the broker becomes.
@Suite struct CommandFailureTests {
    private static let damage = Damage(file: "f", offset: 7, field: "length", expected: "1", found: "2")
    private static let denied = EnvironmentError.system(call: "open", path: "p", errno: EACCES)

    @Test(arguments: [
        (StoreError.busy(directory: "d"), LatchCommands.ExitStatus.busyStore),
        (.header(.wrongKey(fingerprint: "f", wanted: [])), .key),
        (.header(.wrongPassphrase(wanted: [])), .key),
        (.keyring(.missing(path: "p")), .key),
        (.keyring(.belongsToAnotherStore(path: "p", expected: "a", found: "b")), .key),
        (.damaged(damage), .damagedStore),
        (.header(.damaged(damage)), .damagedStore),
        (.header(.notAStore(path: "p")), .damagedStore),
        (.keyring(.damaged(damage)), .damagedStore),
        (.keyring(.notAKeyring(path: "p")), .damagedStore),
        (.unsupported(file: "f", what: "record type 9"), .configuration),
        (.header(.unknownVersion(path: "p", version: 9)), .configuration),
        (.full(.journal), .inputOutput),
        (.failed(denied), .inputOutput),
        (.environment(denied), .inputOutput),
    ])
    func ofTheStore(error: StoreError, status: LatchCommands.ExitStatus) {
        #expect(CommandFailure(error, key: .environment(name: "LATCH_KEY")).status == status)
    }

    @Test func aWrongKeySaysWhichOneIsWantedAndWhereTheOtherCameFrom() {
        let wanted = KeySlotSummary(kind: .key, fingerprint: "0123456789abcdef")
        let error = StoreError.header(.wrongKey(fingerprint: "fedcba9876543210", wanted: [wanted]))
        let text = CommandFailure(error, key: .file(path: "some.key")).description
        for part in ["0123456789abcdef", "fedcba9876543210", "some.key", "--key-file", "GOCRYPT_PASSWORD"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func damageSaysWhere() {
        let text = CommandFailure(.damaged(Self.damage), key: nil).description
        #expect(text.contains("f is damaged at offset 7: length should be 1, found 2"))
    }

    @Test(arguments: [
        (BrokerError.addressInUse(.tcp(host: nil, port: 1883)), LatchCommands.ExitStatus.addressInUse, "port 1883"),
        (.addressInUse(.unix(path: "/s")), .addressInUse, "/s"),
        (.listen(.tcp(host: "::1", port: 1), denied), .inputOutput, "::1 port 1"),
        (.storeFailed(.failed(denied)), .inputOutput, "must be opened again"),
    ])
    func ofTheBroker(error: BrokerError, status: LatchCommands.ExitStatus, part: String) {
        let failure = CommandFailure(error)
        #expect(failure.status == status)
        #expect(failure.description.contains(part))
    }
}
