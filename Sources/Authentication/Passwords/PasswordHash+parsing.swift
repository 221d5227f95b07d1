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
            try self.init(argon2idFields: fields)
        case "argon2i", "argon2d":
            throw .unsupportedScheme("argon2i or argon2d")
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

    /// `$argon2id$v=19$m=47104,t=1,p=1$SALT$HASH` (the PHC string format, github.com/P-H-C/phc-string-format).
    private init(argon2idFields fields: [[UInt8]]) throws(PasswordHashError) {
        guard fields.count == 6 else { throw .wrongFieldCount }
        guard fields[2] == Array("v=19".utf8) else { throw .unsupportedScheme("argon2id of an older version than 19") }
        let parameters = fields[3].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parameters.count == 3, let memory = Self.parameter("m", parameters[0]),
            let passes = Self.parameter("t", parameters[1]), let lanes = Self.parameter("p", parameters[2])
        else { throw .malformedCost }
        guard let cost = Argon2Cost(checkingMemoryKiB: memory, passes: passes, lanes: lanes) else {
            throw .costOutOfRange
        }
        guard let salt = Base64.decoded(fields[4], isPadded: false), PasswordLimits.argon2SaltBytes.contains(salt.count)
        else { throw .malformedSalt }
        guard let digest = Base64.decoded(fields[5], isPadded: false),
            PasswordLimits.argon2DigestBytes.contains(digest.count)
        else { throw .malformedDigest }
        self.init(scheme: .argon2id(cost), salt: salt, digest: digest)
    }

    /// The number behind `NAME=`; one too large for its type counts as the largest, and so as out of range.
    private static func parameter(_ name: Character, _ text: ArraySlice<UInt8>) -> UInt32? {
        let digits = text.dropFirst(2)
        guard text.first == name.asciiValue, text.dropFirst().first == UInt8(ascii: "="), isNumber(digits) else {
            return nil
        }
        return UInt32(String(decoding: digits, as: UTF8.self)) ?? .max
    }

    private static func isNumber(_ text: some Collection<UInt8>) -> Bool {
        !text.isEmpty && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func iterations(_ text: [UInt8]) throws(PasswordHashError) -> Int {
        // A number too long for an integer is out of range as well.
        guard isNumber(text) else { throw .malformedIterations }
        guard let iterations = Int(String(decoding: text, as: UTF8.self)),
            PasswordLimits.iterations.contains(iterations)
        else { throw .iterationsOutOfRange }
        return iterations
    }
}
