internal import CLibcrypto

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), by the processor's own instruction where it has one.
///
/// Finds accidents, not attackers: whatever an attacker must not change is under a MAC or a tag as well.
enum CRC32C {
    /// Continues `seed`, the checksum of what came before (or a salt), over the bytes.
    @inline(__always)
    static func checksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
        guard let base = bytes.baseAddress else { return seed }
        return isInHardware
            ? ~latch_crc32c_hardware(~seed, base, bytes.count)
            : tableChecksum(bytes, seed: seed)
    }

    /// The same from a table, byte by byte, for processors without the instruction.
    static func tableChecksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            var state = ~seed
            for byte in bytes { state = state >> 8 ^ table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] }
            return ~state
        }
    }

    /// Whether the processor has the instruction.
    static let isInHardware = latch_crc32c_is_in_hardware() != 0

    /// The reflected polynomial 0x82F63B78, one entry per byte.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { state, _ in state & 1 == 1 ? state >> 1 ^ 0x82F6_3B78 : state >> 1 }
    }
}
