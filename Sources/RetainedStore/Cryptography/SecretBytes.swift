internal import CLibcrypto

/// A secret of fixed length in locked memory, wiped when its last owner lets go of it.
///
/// Its bytes are written once, by the initialiser. It has no description, cannot be compared with `==` and is not
/// `Codable`, so that it reaches neither a log nor a file by accident.
final class SecretBytes: @unchecked Sendable {
    // The memory belongs to this object alone and does not change between `init` and `deinit`.
    private let memory: UnsafeMutableRawBufferPointer

    /// A secret of `count` bytes, written by `body` into zeroed memory.
    init<Failure: Error>(
        count: Int,
        initializedBy body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let memory = SecretArena.shared.allocate(count)
        do throws(Failure) {
            try body(memory)
        } catch {
            SecretArena.shared.deallocate(memory)
            throw error
        }
        self.memory = memory
    }

    /// A copy of the bytes.
    convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
    }

    /// `count` random bytes.
    static func random(count: Int) throws(EnvironmentError) -> SecretBytes {
        try SecretBytes(count: count) { memory throws(EnvironmentError) in try SecureRandom.fill(memory) }
    }

    deinit {
        SecretArena.shared.deallocate(memory)
    }

    var count: Int { memory.count }

    /// The bytes; the pointer is valid within `body` only.
    @inline(__always)
    func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(memory))
    }

    /// Whether the bytes are equal, in time that depends on their number alone.
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        count == other.count && CRYPTO_memcmp(memory.baseAddress, other.baseAddress, count) == 0
    }
}
