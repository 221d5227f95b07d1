import Crypto
import Foundation
import Testing

@testable import RetainedStore

/// Bytes that version 1 wrote on the day it was made: whatever is changed, they have to open as they did.
@Suite("A store of format version 1")
struct VersionOneTests {
    private static let masterKey = String(repeating: "0123456789abcdef", count: 4)
    private static let passphrase = "correct horse battery staple"
    private static let header = [UInt8](
        hexadecimal: """
            4c415443485354000100020000000000b40c228a078ef0939efd91dd183d487ed18071bb7d540d594bebc982adc404ae
            0100000000000000be90a1206e038e3555cc059f0ff3634591103bac4b5cb9230000000000000000fadad67d6fd36bad
            16eb3ca881810dabf791dc3dc6f70e3b68cd980ca596277b40487fcbef6034439296b26a009d7c16a0497f82258b5c46
            7211c39e02100800010000006f022869ca1ed3b2e327b75a349f242ea8e83276d9167177000000000000000047de0a09
            bf78bcdb6713ef4a36b397a8ebf74865e018440f5c095954c970cf2aa41c7fbd1900000a5db90892351664fd90790ffe
            67681ffef64d2ae4a5cd3a2226d3e66ae6011722f4e18d0cdfba6929
            """
    )
    private static let keyring = [UInt8](
        hexadecimal: """
            4c415443484b52000100000000000000b40c228a078ef0939efd91dd183d487e34560d91bef674b3ffa63421f00ac48e
            9e6115ea3b861c1dc7daa92296a695ca53198b623689aba933ab1e3f0b4b37108e50b9b97ee6468cb6967d39bedfce68
            fb91a77e3bf7e7a519ced70100000000000000000000000000000000a7a764810100000000000000555173dde16a0f45
            e4932f662eecf2fda3527746e0875961212eb2f0338d2ec1613c253843b4d29e33ecbbe9d7ca2ce935af8e86013b6c3b
            31d7814a806cfcdb3630030ddbc9fb1e19c559dab14417bb60bc416e90b10734234410035d5dc1ba4475dbe328704afa
            092b580801000000000000002ff59af4
            """
    )
    private static let blindKey = [UInt8](
        hexadecimal: """
            00cc48c2cd34135ef7dce4946b8716f3456bc67bcdcdf4ad1e599fb8dd28e63c85
            """
    )
    private static let sealed = [UInt8](
        hexadecimal: """
            de7aef55bc7ee1b42d2c986d0000000000000000000000000f05d45d4e996486e8e6f5f92415ef9cce54794628f1ce15
            0d71c1e78c88377f7372023e1a6bec7ed3c87a13375f23b02e40852f85b68eb0aa6cc504a2b587d4c2f41187bc7d7588
            a3d7112a1f63b75cdd9a89b9afd80cf69d46b953b49e7b9c94fcea13d452057b
            """
    )
    private static let rootKey = "b7426086feafcb07e3bb95dd2729a277283f0ab75c241fb8533f4c7dd4241c7b"
    private static let keyID = "555173dde16a0f45e4932f662eecf2fd"

    private static var message: Message {
        var message = Message()
        message.topic = Array("my_username/topic".utf8)
        message.clientID = Array("auto-1".utf8)
        message.userName = Array("my_username".utf8)
        message.properties = [1, 1]
        message.payload = Array("Test message".utf8)
        message.expiryTimeSeconds = 1_800_000_000
        return message
    }

    private let directory = TemporaryDirectory()

    init() {
        FileBytes.write(Self.header, to: directory.file("latch.store"))
        FileBytes.write(Self.keyring, to: directory.file("keyring"))
    }

    @Test("opens, from the master key or the passphrase down to the message")
    func opens() throws {
        let path = directory.file("latch.store")
        let header = try StoreHeader.read(from: path)
        let masterKeys = [try MasterKey(text: Self.masterKey), try MasterKey(passphrase: Self.passphrase)]
        for masterKey in masterKeys {
            let (rootKey, keys) = try header.open(with: masterKey, path: path)
            #expect(rootKey.secret.copy.hexadecimal == Self.rootKey)
            let keyring = try Keyring.open(path: directory.file("keyring"), setID: header.setID, rootKey: rootKey)
            var blindKey = [UInt8](repeating: 0, count: BlindTopicKey.bytesMax)
            let blinder = try TopicBlinder(indexKey: keys.index)
            let count = blindKey.withUnsafeMutableBytes { key in
                Self.message.topic.withUnsafeBytes { blinder.blind($0, into: key) }
            }
            #expect(Array(blindKey[..<count]) == Self.blindKey)
            let namespace = Self.blindKey.withUnsafeBytes { BlindTopicKey.namespace(of: $0) }
            let key = try keyring.key(forNamespace: namespace)
            #expect(key.id.hexadecimal == Self.keyID && !keyring.hasPendingEntries)
            let opener = try Opener(setID: header.setID, keyring: keyring)
            let opened = try Envelopes.open(Self.sealed, with: opener, keyID: key.id, blindKey: Self.blindKey)
            #expect(opened == Self.message)
        }
    }

    /// The same by Format.md alone, with swift-crypto and this target's references in place of the engine.
    @Test("opens with other tools, by what Format.md says")
    func opensWithOtherTools() throws {
        let header = Self.header
        let setID = Array(header[16..<32])
        let slot = Array(header[48..<148])
        let slotKey = derive([UInt8](hexadecimal: Self.masterKey), salt: Array(slot[8..<24]), info: "latch v1 slot")
        let rootKey = try open(Array(slot[40...]), key: slotKey, associatedData: setID + slot[..<40])
        #expect(rootKey.hexadecimal == Self.rootKey)

        let indexKey = derive(rootKey, salt: setID, info: "latch v1 index", count: 16)
        #expect(ReferenceBlindKey.key(ofTopic: Self.message.topic, indexKey: indexKey) == Self.blindKey)

        let keyring = Self.keyring
        let keyringID = Array(keyring[32..<48])
        let keyringSlotKey = derive(rootKey, salt: keyringID, info: "latch v1 keyring")
        let keyringKey = try open(
            Array(keyring[48..<108]),
            key: keyringSlotKey,
            associatedData: Array(keyring[..<48])
        )
        let entry = Array(keyring[128..<256])
        let sealedKey = try open(
            Array(entry[24..<116]),
            key: keyringKey,
            associatedData: setID + keyringID + entry[..<24] + entry[116..<124]
        )
        #expect(Array(sealedKey[32..<48]) == Array(Self.blindKey[1..<17]))
        let dataKey = Array(sealedKey[..<32])
        let keyID = Array(entry[8..<24])
        #expect(keyID.hexadecimal == Self.keyID)

        let plaintext = try ReferenceXAES.open(
            Self.sealed,
            associatedData: [1, 0] + setID + keyID + [1, 1] + Self.blindKey,
            derivedKey: ReferenceXAES.derivedKey(key: dataKey, noncePrefix: Array(Self.sealed[..<12]))
        )
        #expect(plaintext == Self.message.plaintext)
    }

    private func derive(_ key: [UInt8], salt: [UInt8], info: String, count: Int = 32) -> [UInt8] {
        Crypto.HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key),
            salt: salt,
            info: Data(info.utf8),
            outputByteCount: count
        ).withUnsafeBytes { Array($0) }
    }

    private func open(_ wrapped: [UInt8], key: [UInt8], associatedData: [UInt8]) throws -> [UInt8] {
        let box = try AES.GCM.SealedBox(combined: wrapped)
        return Array(try AES.GCM.open(box, using: SymmetricKey(data: key), authenticating: associatedData))
    }
}
