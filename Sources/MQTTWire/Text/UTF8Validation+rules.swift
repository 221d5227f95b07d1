extension UTF8Validation {
    /// What a kind of text allows beyond being well formed.
    ///
    /// A type and not a value, so that every kind has a scan of its own without a branch per byte.
    protocol Rule {
        /// Whether all eight bytes of `word`, none of them above 0x7F, are allowed.
        static func allows(asciiWord word: UInt64) -> Bool

        /// Whether one scalar is allowed.
        static func allows(scalar: UInt32) -> Bool
    }

    enum WellFormed: Rule {
        @inline(__always)
        static func allows(asciiWord word: UInt64) -> Bool { true }

        @inline(__always)
        static func allows(scalar: UInt32) -> Bool { true }
    }

    enum EncodedString: Rule {
        @inline(__always)
        static func allows(asciiWord word: UInt64) -> Bool { lacks(0x00, word) }

        @inline(__always)
        static func allows(scalar: UInt32) -> Bool { scalar != 0 }
    }

    enum Name: Rule {
        @inline(__always)
        static func allows(asciiWord word: UInt64) -> Bool { hasNoControls(word) }

        @inline(__always)
        static func allows(scalar: UInt32) -> Bool { isCharacter(scalar) }
    }

    enum NameWithoutWildcards: Rule {
        @inline(__always)
        static func allows(asciiWord word: UInt64) -> Bool {
            hasNoControls(word) && lacks(UInt8(ascii: "+"), word) && lacks(UInt8(ascii: "#"), word)
        }

        @inline(__always)
        static func allows(scalar: UInt32) -> Bool {
            isCharacter(scalar) && scalar != UInt32(UInt8(ascii: "+")) && scalar != UInt32(UInt8(ascii: "#"))
        }
    }

    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101

    /// Whether none of eight ASCII bytes equals `byte`: a byte that differs is carried into its high bit, and no
    /// carry leaves its byte, as 0x7F + 0x7F is below 0x100.
    @inline(__always)
    private static func lacks(_ byte: UInt8, _ word: UInt64) -> Bool {
        let difference = word ^ (lowBits &* UInt64(byte))
        return (difference &+ ~highBits) & highBits == highBits
    }

    /// Whether eight ASCII bytes are all in 0x20…0x7E: one of bits 5 and 6 is set in each, and none is 0x7F.
    @inline(__always)
    private static func hasNoControls(_ word: UInt64) -> Bool {
        let bit6: UInt64 = 0x4040_4040_4040_4040
        return (word | word << 1) & bit6 == bit6 && lacks(0x7F, word)
    }

    /// Whether a scalar is neither a control character nor a non-character.
    @inline(__always)
    private static func isCharacter(_ scalar: UInt32) -> Bool {
        if scalar < 0x20 { return false }
        if scalar < 0x7F { return true }
        if scalar < 0xA0 { return false }
        return !(0xFDD0...0xFDEF).contains(scalar) && scalar & 0xFFFE != 0xFFFE
    }
}
