extension UTF8Validation {
    /// Walks `bytes`: words of ASCII as long as there are some, single scalars in between.
    @inline(__always)
    static func scan<Kind: Rule>(_ bytes: UnsafeRawBufferPointer, _: Kind.Type) -> Bool {
        let count = bytes.count
        var offset = 0
        while offset < count {
            // The last word overlaps the one before it, so that only texts of less than eight bytes go byte by byte.
            let wordOffset = count - offset >= 8 ? offset : count - 8
            if wordOffset >= 0 {
                let word = bytes.loadUnaligned(fromByteOffset: wordOffset, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    guard Kind.allows(asciiWord: word) else { return false }
                    offset = wordOffset + 8
                    continue
                }
            }
            guard let (scalar, length) = scalar(in: bytes, at: offset), Kind.allows(scalar: scalar) else {
                return false
            }
            offset += length
        }
        return true
    }

    /// The scalar that begins at `offset` and its bytes; nil where the bytes are not well formed (Unicode 3.9,
    /// table 3-7).
    @inline(__always)
    private static func scalar(in bytes: UnsafeRawBufferPointer, at offset: Int) -> (UInt32, Int)? {
        let first = UInt32(bytes[offset])
        if first < 0x80 { return (first, 1) }
        let length: Int
        let smallest: UInt32
        var scalar: UInt32
        switch first {
        case 0xC2...0xDF: (length, smallest, scalar) = (2, 0x80, first & 0x1F)
        case 0xE0...0xEF: (length, smallest, scalar) = (3, 0x800, first & 0x0F)
        case 0xF0...0xF4: (length, smallest, scalar) = (4, 0x1_0000, first & 0x07)
        default: return nil
        }
        guard bytes.count - offset >= length else { return nil }
        for index in offset + 1..<offset + length {
            let byte = UInt32(bytes[index])
            guard byte & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | byte & 0x3F
        }
        guard scalar >= smallest, scalar <= 0x10_FFFF, scalar & 0xFFFF_F800 != 0xD800 else { return nil }
        return (scalar, length)
    }
}
