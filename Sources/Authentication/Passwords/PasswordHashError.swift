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
    /// The salt is not base64, or empty, or too long.
    case malformedSalt
    /// The hash is not base64 of 64 bytes.
    case malformedDigest

    public var description: String {
        switch self {
        case .notAHash:
            "the text behind the colon is not a password hash"
        case .unsupportedScheme(let scheme):
            "the password hash is of a kind that is not supported yet (\(scheme)); $7$ is, and mosquitto_passwd"
                + " writes it with -H sha512-pbkdf2"
        case .wrongFieldCount:
            "the password hash has too few or too many fields"
        case .malformedIterations:
            "the number of iterations of the password hash is not a number"
        case .iterationsOutOfRange:
            "the number of iterations of the password hash is not between \(PasswordLimits.iterations.lowerBound)"
                + " and \(PasswordLimits.iterations.upperBound)"
        case .malformedSalt:
            "the salt of the password hash is not base64 of \(PasswordLimits.saltBytes.lowerBound)"
                + " to \(PasswordLimits.saltBytes.upperBound) bytes"
        case .malformedDigest:
            "the password hash is not base64 of \(PasswordHash.digestBytes) bytes"
        }
    }
}
