/// Why a token proves nothing, in the words of the log: they say nothing of what the token holds.
public enum TokenRefusal: String, Sendable, CaseIterable {
    /// It has not the form of a token, or is longer than ``TokenLimits/bytesMax``.
    case malformed = "malformed"
    /// The request carries several, and no rule says which one counts.
    case ambiguous = "more than one"
    /// An API token that is in no file.
    case unknown = "unknown API token"
    /// `none`, HMAC, another algorithm that is not taken, or another than its key is for.
    case algorithm = "algorithm"
    /// It does not name its key, and there is more than one.
    case noKeyIdentifier = "names no key"
    /// The issuer publishes no such key.
    case unknownKey = "unknown key"
    /// No keys could be had from the issuer yet.
    case noKeys = "no keys yet"
    case signature = "signature"
    case issuer = "issuer"
    case audience = "audience"
    /// A token without an end would be a password.
    case noExpiry = "no expiry"
    case expired = "expired"
    case notYetValid = "not yet valid"
    /// The claim that names the user is missing, or holds what ``TokenIdentity`` does not take.
    case userName = "user name"
}
