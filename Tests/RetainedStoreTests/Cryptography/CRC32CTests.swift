import Testing

@testable import RetainedStore

@Suite("CRC-32C")
struct CRC32CTests {
    /// RFC 3720, B.4, and the check value of the usual catalogue.
    static let vectors: [(message: [UInt8], checksum: UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        ([UInt8](0..<32), 0x46DD_794E),
        ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
        (Array("123456789".utf8), 0xE306_9283),
        ([], 0),
    ]

    @Test("instruction and table give the known values", arguments: vectors)
    func knownValues(_ message: [UInt8], checksum: UInt32) {
        message.withUnsafeBytes { message in
            #expect(CRC32C.checksum(message) == checksum)
            #expect(CRC32C.tableChecksum(message) == checksum)
        }
    }

    @Test("table and instruction agree at every length and alignment, and in pieces")
    func agreement() {
        var random = SeededGenerator(seed: Seed.value)
        let bytes = random.bytes(400)
        bytes.withUnsafeBytes { bytes in
            for start in 0..<8 {
                for end in start...bytes.count where end % 3 != 1 {
                    let message = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                    let seed = UInt32(truncatingIfNeeded: random.next())
                    let whole = CRC32C.checksum(message, seed: seed)
                    #expect(CRC32C.tableChecksum(message, seed: seed) == whole, "seed \(Seed.value)")
                    let middle = message.count / 2
                    let first = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: message[..<middle]), seed: seed)
                    let second = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: message[middle...]), seed: first)
                    #expect(second == whole, "seed \(Seed.value)")
                }
            }
        }
    }
}
