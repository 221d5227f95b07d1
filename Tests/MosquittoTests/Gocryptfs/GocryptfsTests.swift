import Mosquitto
import Testing

/// A directory that gocryptfs 2.3 made, with the mosquitto.db of mosquitto 2.0.11 in it.
@Suite struct GocryptfsTests {
    private static let password = "tiny-password"
    private static let file = "gocryptfs/version-2.3/nhO6WKwvRO2idIae_BdjjA"

    private func configuration(_ change: (String) -> String = { $0 }) throws -> GocryptfsConfiguration {
        let json = String(decoding: try Fixture(name: "gocryptfs/version-2.3/gocryptfs.conf").bytes(), as: UTF8.self)
        return try GocryptfsConfiguration(json: Array(change(json).utf8))
    }

    private func decrypt(_ bytes: [UInt8], password: String = Self.password) throws -> ([UInt8], UInt64?) {
        let configuration = try configuration()
        let key = try Array(password.utf8).span.withUnsafeBytes { (password) throws(GocryptfsError) in
            try GocryptfsKey(configuration, password: password)
        }
        return try key.decrypt(file: bytes)
    }

    @Test func aFileOfSeveralBlocksIsDecrypted() throws {
        let (plaintext, damaged) = try decrypt(Fixture(name: Self.file).bytes())
        #expect(damaged == nil)
        #expect(plaintext == (try Fixture(name: "mosquitto/database/mosquitto-2.0.11.db").bytes()))
    }

    @Test func anotherPasswordIsTold() throws {
        #expect(throws: GocryptfsError.wrongPassword) { try decrypt([], password: "tiny-passwort") }
    }

    @Test func aChangedBlockAndATruncatedOneAreTold() throws {
        let bytes = try Fixture(name: Self.file).bytes()
        var changed = bytes
        // Within the second of three blocks.
        changed[18 + 4128 + 100] ^= 1
        #expect(try decrypt(changed).1 == 1)
        #expect(try decrypt(changed).0.count == 4096)
        #expect(try decrypt(Array(bytes.dropLast())).1 == 2)
        // Blocks know their places.
        let swapped = bytes[..<18] + bytes[(18 + 4128)..<(18 + 2 * 4128)] + bytes[18..<(18 + 4128)]
        #expect(try decrypt(Array(swapped)).1 == 0)
        #expect(throws: GocryptfsError.notAFile) { try decrypt(Array(bytes[..<10])) }
        #expect(try decrypt([]).0 == [])
    }

    @Test func aHoleIsZeros() throws {
        let bytes = try Fixture(name: Self.file).bytes()
        let hole = bytes[..<18] + [UInt8](repeating: 0, count: 4128)
        let (plaintext, damaged) = try decrypt(Array(hole))
        #expect(damaged == nil && plaintext == [UInt8](repeating: 0, count: 4096))
    }

    @Test(arguments: ["XChaCha20Poly1305", "AESSIV", "FIDO2", "Unheard"])
    func otherCiphersAreRefusedByName(feature: String) throws {
        let error = #expect(throws: GocryptfsError.self) {
            try configuration { $0.replacing("\"DirIV\"", with: "\"\(feature)\"") }
        }
        #expect(error?.description.contains(feature) == true)
    }

    @Test func scryptBeyondAnyMachineIsRefused() throws {
        #expect(throws: GocryptfsError.self) { try configuration { $0.replacing("65536", with: "134217728") } }
        #expect(throws: GocryptfsError.self) { try configuration { $0.replacing("65536", with: "65537") } }
        #expect(throws: GocryptfsError.self) { try configuration { $0.replacing("\"HKDF\",", with: "") } }
        #expect(throws: GocryptfsError.self) { try configuration { _ in "{}" } }
    }
}
