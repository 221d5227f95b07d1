import Crypto
import Foundation
import Testing

@testable import RetainedStore

@Suite("Master keys")
struct MasterKeyTests {
    static let bytes = [UInt8](0xE0...0xFF)
    static let hexadecimal = "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
    static let base64 = "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8="

    @Test(
        "are read from every usual text",
        arguments: [
            hexadecimal, hexadecimal.uppercased(), hexadecimal + "\n", "  \(hexadecimal)\r\n",
            base64, base64 + "\n", String(base64.dropLast()), "\t\(base64) \n",
            base64.replacing("+", with: "-").replacing("/", with: "_"),
        ]
    )
    func text(_ text: String) throws {
        let key = try MasterKey(text: text)
        #expect(key.withKeyBytes { Array($0) } == Self.bytes)
    }

    @Test(
        "are not read from anything else",
        arguments: [
            "", "\n", "latch", String(hexadecimal.dropLast()), hexadecimal + "0", "g" + hexadecimal.dropFirst(),
            base64.replacing("=", with: "A"), base64 + "=", String(base64.dropLast(2)), "*" + base64.dropFirst(),
            // The last digit says more than 256 bits.
            base64.replacing("/v8=", with: "/v9="),
            // A key of 16 bytes.
            "4OHi4+Tl5ufo6err7O3u7w==",
            hexadecimal.replacing("e0", with: "e 0"),
        ]
    )
    func noText(_ text: String) {
        #expect(throws: MasterKeyError.notAKeyText) { try MasterKey(text: text) }
    }

    @Test("a written key file is base64 that reads back", arguments: 0..<20)
    func roundTrip(_: Int) throws {
        let key = try MasterKey.random()
        let text = try #require(key.withKeyText { Array($0) })
        let bytes = try #require(key.withKeyBytes { Array($0) })
        #expect(text == Array((Data(bytes).base64EncodedString() + "\n").utf8))
        let again = try text.withUnsafeBytes { text throws(MasterKeyError) in try MasterKey(text: text) }
        #expect(again.withKeyBytes { Array($0) } == bytes)
        #expect(again.fingerprint == key.fingerprint)
    }

    @Test("raw keys have 32 bytes", arguments: [0, 31, 33])
    func length(_ count: Int) {
        #expect(throws: MasterKeyError.wrongLength(found: count)) {
            try [UInt8](repeating: 1, count: count).withUnsafeBytes { bytes throws(MasterKeyError) in
                try MasterKey(bytes: bytes)
            }
        }
    }

    @Test("a fingerprint is 8 bytes of HKDF, and a passphrase has none")
    func fingerprint() throws {
        let derived = Crypto.HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Self.bytes),
            info: Data("latch v1 fingerprint".utf8),
            outputByteCount: 8
        )
        let expected = derived.withUnsafeBytes { Array($0) }.hexadecimal
        #expect(try MasterKey(text: Self.hexadecimal).fingerprint == expected)
        #expect(try MasterKey(passphrase: "correct horse").fingerprint == nil)
        #expect(try MasterKey(passphrase: "correct horse").withKeyText { _ in 1 } == nil)
    }

    @Test("a passphrase loses one line end, and must not be empty")
    func passphrase() throws {
        for text in ["secret", "secret\n", "secret\r\n"] {
            guard case .passphrase(let bytes) = try MasterKey(passphrase: text).material else {
                Issue.record("not a passphrase")
                continue
            }
            #expect(bytes.copy == Array("secret".utf8))
        }
        for text in ["", "\n", "\r\n"] {
            #expect(throws: MasterKeyError.emptyPassphrase) { try MasterKey(passphrase: text) }
        }
    }

    @Test("nothing of a key shows when it is printed")
    func description() throws {
        let key = try MasterKey(text: Self.hexadecimal)
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains("e0e1") && !text.contains("224, 225"), "\(text)")
        }
    }
}
