import CLibcrypto
import Testing

@testable import RetainedStore

@Suite("XAES-256-GCM: the vectors of C2SP")
struct XAES256GCMTests {
    struct Vector {
        var key: UInt8
        var associatedData: String
        var derivedKey: String
        var sealed: String
    }

    static let vectors = [
        Vector(
            key: 0x01,
            associatedData: "",
            derivedKey: "c8612c9ed53fe43e8e005b828a1631a0bbcb6ab2f46514ec4f439fcfd0fa969b",
            sealed: "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"
        ),
        Vector(
            key: 0x03,
            associatedData: "c2sp.org/XAES-256-GCM",
            derivedKey: "e9c621d4cdd9b11b00a6427ad7e559aeedd66b3857646677748f8ca796cb3fd8",
            sealed: "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"
        ),
    ]

    @Test("sealing gives the specification's bytes", arguments: vectors)
    func sealsAsSpecified(_ vector: Vector) throws {
        let key = [UInt8](repeating: vector.key, count: 32)
        let nonce = Array("ABCDEFGHIJKLMNOPQRSTUVWX".utf8)
        let plaintext = Array("XAES-256-GCM".utf8)
        let associatedData = Array(vector.associatedData.utf8)
        let sealed = try XAES.seal(plaintext, associatedData: associatedData, key: key, nonce: nonce)
        #expect(sealed.hexadecimal == vector.sealed)
        #expect(try XAES.open(nonce + sealed, associatedData: associatedData, key: key) == plaintext)
        // The reference that other tests lean on answers to the same vectors.
        #expect(ReferenceXAES.derivedKey(key: key, noncePrefix: Array(nonce[..<12])).hexadecimal == vector.derivedKey)
        let reference = try ReferenceXAES.seal(plaintext, associatedData: associatedData, key: key, nonce: nonce)
        #expect(reference.hexadecimal == vector.sealed)
    }

    @Test("10,000 random messages give the specification's accumulated hash")
    func accumulated() throws {
        let iterationsCount = 10_000
        // 56 bytes of key and nonce, two lengths, and at most 510 bytes of data each.
        var random = Shake128.output(of: [], count: iterationsCount * (58 + 510))[...]
        #expect(Array(random.prefix(16)).hexadecimal == "7f9c2ba4e88f827d616045507605853e")
        func take(_ count: Int) -> [UInt8] {
            defer { random = random.dropFirst(count) }
            return Array(random.prefix(count))
        }
        var accumulated: [UInt8] = []
        for _ in 0..<iterationsCount {
            let key = take(32)
            let nonce = take(24)
            let plaintext = take(Int(take(1)[0]))
            let associatedData = take(Int(take(1)[0]))
            let sealed = try XAES.seal(plaintext, associatedData: associatedData, key: key, nonce: nonce)
            let opened = try XAES.open(nonce + sealed, associatedData: associatedData, key: key)
            guard opened == plaintext else {
                Issue.record("a message of \(plaintext.count) bytes did not open")
                return
            }
            accumulated += sealed
        }
        #expect(
            Shake128.output(of: accumulated, count: 32).hexadecimal
                == "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"
        )
    }

    @Test("a nonce drawn at random is in front of what it sealed, and differs each time")
    func randomNonce() throws {
        let key = [UInt8](repeating: 7, count: 32).secret
        var sealed = [[UInt8]](repeating: [UInt8](repeating: 0, count: 3 + XAES256GCM.overheadBytes), count: 2)
        for index in sealed.indices {
            try sealed[index].withUnsafeMutableBytes { output in
                try [UInt8](1...3).withUnsafeBytes { plaintext in
                    try XAES256GCM.seal(plaintext, associatedData: plaintext, key: key, into: output)
                }
            }
            #expect(try XAES.open(sealed[index], associatedData: [1, 2, 3], key: key.copy) == [1, 2, 3])
        }
        #expect(sealed[0][..<24] != sealed[1][..<24])
    }

    @Test("what does not fit does not open, and leaves nothing behind")
    func refusal() throws {
        let key = [UInt8](repeating: 1, count: 32)
        let nonce = Array("ABCDEFGHIJKLMNOPQRSTUVWX".utf8)
        let sealed = nonce + (try XAES.seal(Array("plaintext".utf8), associatedData: [5], key: key, nonce: nonce))
        for bit in 0..<sealed.count * 8 {
            var flipped = sealed
            flipped[bit / 8] ^= 1 << (bit % 8)
            var output = [UInt8](repeating: 0xAA, count: 9)
            let isAuthentic = try output.withUnsafeMutableBytes { output in
                try flipped.withUnsafeBytes { flipped in
                    try [UInt8(5)].withUnsafeBytes { associatedData in
                        try XAES256GCM.open(flipped, associatedData: associatedData, key: key.secret, into: output)
                    }
                }
            }
            #expect(!isAuthentic, "bit \(bit)")
            #expect(output == [UInt8](repeating: 0, count: 9), "bit \(bit) left plaintext behind")
        }
        #expect(try XAES.open(sealed, associatedData: [6], key: key) == nil)
        #expect(try XAES.open(Array(sealed[..<39]), associatedData: [5], key: key) == nil)
    }
}

/// The one-shot forms over arrays.
private enum XAES {
    static func seal(_ plaintext: [UInt8], associatedData: [UInt8], key: [UInt8], nonce: [UInt8]) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: plaintext.count + XAES256GCM.tagBytes)
        try output.withUnsafeMutableBytes { output in
            try plaintext.withUnsafeBytes { plaintext in
                try associatedData.withUnsafeBytes { associatedData in
                    try nonce.withUnsafeBytes { nonce in
                        try XAES256GCM.seal(
                            plaintext,
                            associatedData: associatedData,
                            key: key.secret,
                            nonce: nonce,
                            into: output
                        )
                    }
                }
            }
        }
        return output
    }

    static func open(_ sealed: [UInt8], associatedData: [UInt8], key: [UInt8]) throws -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: max(0, sealed.count - XAES256GCM.overheadBytes))
        let isAuthentic = try output.withUnsafeMutableBytes { output in
            try sealed.withUnsafeBytes { sealed in
                try associatedData.withUnsafeBytes { associatedData in
                    try XAES256GCM.open(sealed, associatedData: associatedData, key: key.secret, into: output)
                }
            }
        }
        return isAuthentic ? output : nil
    }
}

/// SHAKE-128, whose output is the random stream of the accumulated test, and its hash.
private enum Shake128 {
    static func output(of message: [UInt8], count: Int) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: count)
        let succeeded =
            EVP_DigestInit_ex(context, EVP_shake128(), nil) == 1
            && EVP_DigestUpdate(context, message, message.count) == 1
            && EVP_DigestFinalXOF(context, &output, count) == 1
        precondition(succeeded, "libcrypto has no SHAKE-128")
        return output
    }
}
