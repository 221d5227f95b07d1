/// What one computation of argon2id costs (RFC 9106 §3.1).
public struct Argon2Cost: Sendable, Hashable {
    /// What mosquitto_passwd 2.1 asks for: 46 MiB, one pass, one lane, about 50 ms.
    public static let standard = Argon2Cost(memoryKiB: 47_104, passes: 1, lanes: 1)

    /// Memory that is filled, in KiB (`m`).
    public let memoryKiB: UInt32
    /// How often the memory is walked through (`t`).
    public let passes: UInt32
    /// How many parts of it are filled side by side (`p`).
    public let lanes: UInt32

    /// - Returns: `nil` for a cost that argon2id does not have, or that a password file may not ask for: see ``PasswordLimits``.
    init?(checkingMemoryKiB memoryKiB: UInt32, passes: UInt32, lanes: UInt32) {
        guard PasswordLimits.argon2Lanes.contains(lanes), PasswordLimits.argon2Passes.contains(passes),
            // RFC 9106 §3.1: at least eight blocks of 1 KiB for each lane.
            (8 * lanes...PasswordLimits.argon2MemoryKiBMax).contains(memoryKiB),
            UInt64(memoryKiB) * UInt64(passes) <= PasswordLimits.argon2KiBPassesMax
        else { return nil }
        self.init(memoryKiB: memoryKiB, passes: passes, lanes: lanes)
    }

    private init(memoryKiB: UInt32, passes: UInt32, lanes: UInt32) {
        self.memoryKiB = memoryKiB
        self.passes = passes
        self.lanes = lanes
    }
}
