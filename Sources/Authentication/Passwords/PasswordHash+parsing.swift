extension PasswordHash {
    /// Reads the text behind the colon of a line in a password file.
    public init(parsing text: [UInt8]) throws(PasswordHashError) {
        let fields = text.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false).map(Array.init)
        guard fields.count >= 3, fields[0].isEmpty else { throw .notAHash }
        switch String(decoding: fields[1], as: UTF8.self) {
        case "6":
            guard fields.count == 4 else { throw .wrongFieldCount }
            try self.init(scheme: .sha512, encodedSalt: fields[2], encodedDigest: fields[3])
        case "7":
            guard fields.count == 5 else { throw .wrongFieldCount }
            try self.init(
                scheme: .pbkdf2(iterations: Self.iterations(fields[2])),
                encodedSalt: fields[3],
                encodedDigest: fields[4]
            )
        case "argon2id":
            throw .unsupportedScheme("argon2id")
        case "argon2i", "argon2d":
            throw .unsupportedScheme("argon2")
        case "1", "2a", "2b", "2y", "5", "y":
            throw .unsupportedScheme("crypt(3)")
        default:
            throw .notAHash
        }
    }

    private init(scheme: Scheme, encodedSalt: [UInt8], encodedDigest: [UInt8]) throws(PasswordHashError) {
        guard let salt = Base64.decoded(encodedSalt), PasswordLimits.saltBytes.contains(salt.count) else {
            throw .malformedSalt
        }
        guard let digest = Base64.decoded(encodedDigest), digest.count == Self.digestBytes else {
            throw .malformedDigest
        }
        self.init(scheme: scheme, salt: salt, digest: digest)
    }

    private static func iterations(_ text: [UInt8]) throws(PasswordHashError) -> Int {
        let isNumber = !text.isEmpty && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        // A number too long for an integer is out of range as well.
        guard isNumber else { throw .malformedIterations }
        guard let iterations = Int(String(decoding: text, as: UTF8.self)),
            PasswordLimits.iterations.contains(iterations)
        else { throw .iterationsOutOfRange }
        return iterations
    }
}
