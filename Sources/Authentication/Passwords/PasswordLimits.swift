/// The limits on what a password file may ask of the broker.
enum PasswordLimits {
    /// Iterations of PBKDF2. mosquitto writes 101 (2.0) or 1,000 (2.1); a million are about a second of work for each
    /// connection attempt, and more would let anybody who can connect keep the broker busy.
    static let iterations = 1...1_000_000
    /// Bytes of a salt. mosquitto writes 12 (2.0) or 64 (2.1).
    static let saltBytes = 1...256
}
