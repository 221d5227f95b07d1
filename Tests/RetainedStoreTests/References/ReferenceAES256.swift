/// The AES-256 block function, written down from FIPS 197 as plainly as it goes: the second opinion for everything that
/// is built from single blocks.
struct ReferenceAES256 {
    private let roundKeys: [[UInt8]]

    private static let substitution: [UInt8] = (0..<256).map { value in
        // The inverse in GF(2^8), then the affine map of FIPS 197, 5.1.1.
        let inverse = (0..<256).first { multiply(UInt8(value), UInt8($0)) == 1 }.map { UInt8($0) } ?? 0
        return (0..<5).reduce(0x63) { $0 ^ (inverse << $1 | (($1 == 0) ? 0 : inverse >> (8 - $1))) }
    }

    private static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (left, right, product) = (left, right, UInt8(0))
        while right != 0 {
            if right & 1 == 1 { product ^= left }
            left = left << 1 ^ (left & 0x80 == 0 ? 0 : 0x1B)
            right >>= 1
        }
        return product
    }

    init(key: [UInt8]) {
        var words = (0..<8).map { Array(key[4 * $0..<4 * $0 + 4]) }
        var roundConstant: UInt8 = 1
        for index in 8..<60 {
            var word = words[index - 1]
            if index % 8 == 0 {
                word = [word[1], word[2], word[3], word[0]].map { Self.substitution[Int($0)] }
                word[0] ^= roundConstant
                roundConstant = Self.multiply(roundConstant, 2)
            } else if index % 8 == 4 {
                word = word.map { Self.substitution[Int($0)] }
            }
            words.append(zip(words[index - 8], word).map { $0 ^ $1 })
        }
        roundKeys = (0..<15).map { Array(words[4 * $0..<4 * $0 + 4].joined()) }
    }

    func encrypt(_ block: [UInt8]) -> [UInt8] {
        var state = zip(block, roundKeys[0]).map { $0 ^ $1 }
        for round in 1...14 {
            state = state.map { Self.substitution[Int($0)] }
            state = (0..<16).map { state[($0 + 4 * ($0 % 4)) % 16] }
            if round < 14 { state = (0..<4).flatMap { Self.mixed(Array(state[4 * $0..<4 * $0 + 4])) } }
            state = zip(state, roundKeys[round]).map { $0 ^ $1 }
        }
        return state
    }

    private static func mixed(_ column: [UInt8]) -> [UInt8] {
        (0..<4).map { row in
            multiply(column[row], 2) ^ multiply(column[(row + 1) % 4], 3) ^ column[(row + 2) % 4]
                ^ column[(row + 3) % 4]
        }
    }
}
