/// Why the text of a password hash cannot be used; the text itself is never part of the description.
public enum PasswordHashError: Error, Sendable, Equatable, CustomStringConvertible {
    /// It does not have the form `$SCHEME$…`; it may be a password in clear.
    case notAHash
    /// Its scheme is known, and not implemented.
    case unsupportedScheme(String)
    /// A field is missing, or there is one too many.
    case wrongFieldCount
    /// The number of iterations is not a number.
    case malformedIterations
    /// The number of iterations is 0, or so large that checking a password would keep the broker busy.
    case iterationsOutOfRange
    /// The parameters of argon2id are not `m=…,t=…,p=…`.
    case malformedCost
    /// argon2id would take more memory or time than a check may.
    case costOutOfRange
    /// A new hash could not be computed.
    case notComputed
    /// The salt is not base64, or empty, or too long.
    case malformedSalt
    /// The hash is not base64, or of another length than its scheme has.
    case malformedDigest

    public var description: String {
        switch self {
        case .notAHash:
            "the text behind the colon is not a password hash"
        case .unsupportedScheme(let scheme):
            "the password hash is of a kind that is not supported (\(scheme)); argon2id and $7$ are"
        case .wrongFieldCount:
            "the password hash has too few or too many fields"
        case .malformedIterations:
            "the number of iterations of the password hash is not a number"
        case .iterationsOutOfRange:
            "the number of iterations of the password hash is not between \(PasswordLimits.iterations.lowerBound)"
                + " and \(PasswordLimits.iterations.upperBound)"
        case .malformedCost:
            "the parameters of argon2id do not have the form m=KIB,t=PASSES,p=LANES"
        case .costOutOfRange:
            "argon2id may fill at most \(PasswordLimits.argon2MemoryKiBMax) KiB (m), at most"
                + " \(PasswordLimits.argon2KiBPassesMax) KiB in all passes together (m times t), in at most"
                + " \(PasswordLimits.argon2Lanes.upperBound) lanes (p)"
        case .notComputed:
            "the hash could not be computed: memory or randomness is missing"
        case .malformedSalt:
            "the salt of the password hash is not base64 of \(PasswordLimits.saltBytes.lowerBound) (argon2id: 8)"
                + " to \(PasswordLimits.saltBytes.upperBound) bytes"
        case .malformedDigest:
            "the password hash is not base64 of the length that its scheme has"
        }
    }
}
