import RetainedStore

extension ProcessProtection {
    /// What a command that will hold a key does before it reads it: libcrypto's memory is locked, and nothing is dumped.
    static func beforeKeys() throws(CommandFailure) {
        lockLibcryptoMemory()
        do throws(EnvironmentError) {
            try forbidDumps()
        } catch {
            throw CommandFailure(.inputOutput, "memory cannot be kept out of core dumps: \(error)")
        }
    }
}
