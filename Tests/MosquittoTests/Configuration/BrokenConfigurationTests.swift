import Mosquitto
import Testing

/// Each broken file is refused at its line, with the message that its first line states.
struct BrokenConfigurationTests {
    @Test(arguments: Fixture.all(in: "mosquitto/broken-configuration"))
    func aBrokenFileIsRefused(_ file: Fixture) throws {
        let refusal = try file.refusal()
        let bytes = try file.bytes()
        let error = #expect(throws: MosquittoFileError.self) {
            try MosquittoConfiguration.parse(bytes, name: "FILE")
        }
        #expect(error?.description == refusal)
    }

    @Test func theBrokenFilesAreFound() {
        #expect(Fixture.all(in: "mosquitto/broken-configuration").count >= 40)
    }

    @Test(arguments: [
        ("unknown-directive", MosquittoFileError.Kind.unknown),
        ("boolean-spelt-yes", .malformed),
        ("unsupported-tls", .unsupported),
        ("protocol-http-api", .unsupported),
        ("include-directory-missing", .unreadable),
    ])
    func theKindsOfErrorAreToldApart(name: String, kind: MosquittoFileError.Kind) throws {
        let bytes = try Fixture(name: "mosquitto/broken-configuration/\(name).conf").bytes()
        let error = #expect(throws: MosquittoFileError.self) {
            try MosquittoConfiguration.parse(bytes, name: "FILE")
        }
        #expect(error?.kind == kind)
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let error = #expect(throws: MosquittoFileError.self) {
            try MosquittoConfiguration.read(path: "/nowhere/x.conf")
        }
        #expect(
            error?.description
                == "/nowhere/x.conf: cannot be read: No such file or directory; check the path and its permissions"
        )
    }

    @Test func aDirectoryIsNoFile() {
        let error = #expect(throws: MosquittoFileError.self) { try MosquittoConfiguration.read(path: "/tmp") }
        #expect(error?.description == "/tmp: this is a directory; name a file")
    }

    @Test func bytesThatAreNoTextAreRefused() {
        let invalid: [UInt8] = Array("acl_file /tmp/".utf8) + [0xFF]
        #expect(throws: MosquittoFileError.self) { try MosquittoConfiguration.parse(invalid, name: "FILE") }
        let control: [UInt8] = Array("acl_file /tmp/a\u{1}b".utf8)
        #expect(throws: MosquittoFileError.self) { try MosquittoConfiguration.parse(control, name: "FILE") }
        let nul: [UInt8] = Array("listener 1883\nallow_anonymous true".utf8) + [0]
        let error = #expect(throws: MosquittoFileError.self) { try MosquittoConfiguration.parse(nul, name: "FILE") }
        #expect(error?.location.line == 2)
    }
}
