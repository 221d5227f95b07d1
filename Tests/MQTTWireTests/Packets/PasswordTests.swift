import MQTTWire
import Testing

@Suite("Passwords")
struct PasswordTests {
    @Test("Any bytes, and none, are kept as they are", arguments: [[], [0], [0x70, 0x00, 0xFF]] as [[UInt8]])
    func keepsBytes(_ bytes: [UInt8]) {
        let password = Password(copying: bytes)
        #expect(password.count == bytes.count)
        #expect(password.withBytes { Array($0) } == bytes)
    }

    @Test("Its description does not give it away")
    func description() {
        let password = Password("swordfish")
        #expect("\(password)" == "Password(9 bytes)")
        #expect(!String(reflecting: password).contains("swordfish"))
        var dumped = ""
        dump(password, to: &dumped)
        #expect(!dumped.contains("swordfish"))
    }
}
