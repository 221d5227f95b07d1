import Crypto
import Testing

@testable import RetainedStore

@Suite("HKDF-SHA256")
struct HKDFTests {
    struct Vector {
        var key: [UInt8]
        var salt: [UInt8]
        var info: [UInt8]
        var output: String
    }

    /// RFC 5869, A.1 to A.3.
    static let vectors = [
        Vector(
            key: [UInt8](repeating: 0x0B, count: 22),
            salt: [UInt8](0...0x0C),
            info: [UInt8](0xF0...0xF9),
            output: """
                3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf
                34007208d5b887185865
                """
        ),
        Vector(
            key: [UInt8](0...0x4F),
            salt: [UInt8](0x60...0xAF),
            info: [UInt8](0xB0...0xFF),
            output: """
                b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c
                59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71
                cc30c58179ec3e87c14c01d5c1f3434f1d87
                """
        ),
        Vector(
            key: [UInt8](repeating: 0x0B, count: 22),
            salt: [],
            info: [],
            output: """
                8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d
                9d201395faa4b61a96c8
                """
        ),
    ]

    @Test("gives the RFC's bytes", arguments: vectors)
    func derivesAsTheRFC(_ vector: Vector) throws {
        let expected = [UInt8](hexadecimal: vector.output)
        #expect(try Self.derive(vector.key, salt: vector.salt, info: vector.info, count: expected.count) == expected)
    }

    @Test("agrees with swift-crypto on random inputs")
    func agreement() throws {
        var random = SeededGenerator(seed: Seed.value)
        for _ in 0..<200 {
            let key = random.bytes(Int.random(in: 1...64, using: &random))
            let salt = random.bytes(Int.random(in: 0...40, using: &random))
            let info = random.bytes(Int.random(in: 0...40, using: &random))
            let count = Int.random(in: 1...64, using: &random)
            let expected = Crypto.HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: key),
                salt: salt,
                info: info,
                outputByteCount: count
            )
            let derived = try Self.derive(key, salt: salt, info: info, count: count)
            #expect(expected.withUnsafeBytes { Array($0) } == derived, "seed \(Seed.value)")
        }
    }

    private static func derive(_ key: [UInt8], salt: [UInt8], info: [UInt8], count: Int) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count)
        try output.withUnsafeMutableBytes { output in
            try key.withUnsafeBytes { key in
                try salt.withUnsafeBytes { salt in
                    try info.withUnsafeBytes { info in
                        try StoreHKDF.derive(from: key, salt: salt, info: info, into: output)
                    }
                }
            }
        }
        return output
    }
}
