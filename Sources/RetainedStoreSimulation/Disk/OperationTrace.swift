/// One number for everything that was done to a disk: equal where the operations, their order and their bytes are (FNV-1a,
/// by words).
struct OperationTrace: Sendable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ call: String, _ name: String) {
        for byte in call.utf8 { add(UInt64(byte)) }
        add(0)
        for byte in name.utf8 { add(UInt64(byte)) }
        add(0)
    }

    mutating func add(_ call: String, _ name: String, _ bytes: UnsafeRawBufferPointer, at offset: Int) {
        add("\(call) \(offset)", name)
        let wordBytes = bytes.count & ~7
        for offset in stride(from: 0, to: wordBytes, by: 8) {
            add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        for byte in bytes[wordBytes...] { add(UInt64(byte)) }
    }

    private mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0x0100_0000_01B3
    }
}
