import Testing

@testable import RetainedStore

@Suite("scrypt")
struct ScryptTests {
    struct Vector {
        var passphrase: String
        var salt: String
        var scrypt: Scrypt
        var output: String
    }

    /// RFC 7914, 12.
    static let vectors = [
        Vector(
            passphrase: "password",
            salt: "NaCl",
            scrypt: Scrypt(costLog2: 10, blockSize: 8, parallelization: 16),
            output: """
                fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162
                2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
                """
        ),
        Vector(
            passphrase: "pleaseletmein",
            salt: "SodiumChloride",
            scrypt: Scrypt(costLog2: 14, blockSize: 8, parallelization: 1),
            output: """
                7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2
                d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887
                """
        ),
    ]

    @Test("gives the RFC's bytes", arguments: vectors)
    func derivesAsTheRFC(_ vector: Vector) throws {
        var output = [UInt8](repeating: 0, count: 64)
        try output.withUnsafeMutableBytes { output in
            try Array(vector.passphrase.utf8).withUnsafeBytes { passphrase in
                try Array(vector.salt.utf8).withUnsafeBytes { salt in
                    try vector.scrypt.derive(from: passphrase, salt: salt, into: output)
                }
            }
        }
        #expect(output == [UInt8](hexadecimal: vector.output))
    }

    @Test("what new slots use gets the memory that it takes")
    func standard() throws {
        let key = try Scrypt.standard.key(from: Array("passphrase".utf8).secret, salt: 1)
        #expect(key.count == 32)
    }

    @Test(
        "parameters beyond the limits are told",
        arguments: [
            (Scrypt(costLog2: 20, blockSize: 8, parallelization: 16), true),
            (Scrypt(costLog2: 18, blockSize: 32, parallelization: 1), true),
            (Scrypt(costLog2: 20, blockSize: 9, parallelization: 1), false),
            (Scrypt(costLog2: 21, blockSize: 1, parallelization: 1), false),
            (Scrypt(costLog2: 10, blockSize: 33, parallelization: 1), false),
            (Scrypt(costLog2: 10, blockSize: 8, parallelization: 17), false),
            (Scrypt(costLog2: 0, blockSize: 8, parallelization: 1), false),
            (Scrypt(costLog2: 255, blockSize: 65_535, parallelization: 65_535), false),
        ]
    )
    func limits(_ scrypt: Scrypt, isWithinLimits: Bool) {
        #expect(scrypt.isWithinLimits == isWithinLimits)
    }
}
