/// The limits on tokens, each for everybody.
public enum TokenLimits {
    /// Bytes of a token. Those of identity providers have one or two KiB.
    public static let bytesMax = 16 * 1024
    /// Bytes of a JWT's header in base64url: an algorithm, a key and a type.
    public static let headerBytesMax = 2 * 1024
    /// Bytes of a set of keys.
    public static let keySetBytesMax = 256 * 1024
    /// Keys of a set.
    public static let keysMax = 64
    /// Bits of an RSA modulus: checking a signature costs with their square. Fewer than 2,048 are no security.
    public static let modulusBitsMax = 8192
    /// How long an issuer may take to answer, in seconds.
    public static let fetchSeconds: Int64 = 10
    /// How often tokens with unknown keys may cause a look at the issuer's keys, in seconds.
    public static let demandedFetchSeconds: Int64 = 10
    /// How soon a failed look at the issuer's keys is repeated, in seconds.
    public static let retrySeconds: Int64 = 30
    /// Clients that may wait for one such look; further ones are refused at once.
    public static let fetchWaitersMax = 16
}
