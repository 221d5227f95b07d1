/// The limits on what a password file may ask of the broker.
enum PasswordLimits {
    /// Iterations of PBKDF2. mosquitto writes 101 (2.0) or 1,000 (2.1); a million are about a second of work for each
    /// connection attempt, and more would let anybody who can connect keep the broker busy.
    static let iterations = 1...1_000_000
    /// Bytes of a salt. mosquitto writes 12 (2.0) or 64 (2.1).
    static let saltBytes = 1...256
    /// Bytes of a salt of argon2id, which has a least length of its own (RFC 9106 §3.1 names 8).
    static let argon2SaltBytes = 8...256
    /// Bytes of a hash of argon2id; mosquitto writes 64, other programs 32.
    static let argon2DigestBytes = 16...128
    /// KiB of memory that one check may fill: 256 MiB, with one check at a time.
    static let argon2MemoryKiBMax: UInt32 = 256 << 10
    /// Passes over the memory.
    static let argon2Passes: ClosedRange<UInt32> = 1...64
    /// Lanes, each of which is a thread.
    static let argon2Lanes: ClosedRange<UInt32> = 1...16
    /// Memory times passes: 1 GiB written is about a second, as a million iterations are.
    static let argon2KiBPassesMax: UInt64 = 1 << 20
    /// Schemes of different cost in one file for which every check does the work; see ``PasswordTable``.
    static let levelledSchemesMax = 4
    /// Bytes of the salts that are drawn for new passwords: mosquitto 2.0 reads no other length, and 96 bits never meet again.
    static let newSaltBytes = 12
}
