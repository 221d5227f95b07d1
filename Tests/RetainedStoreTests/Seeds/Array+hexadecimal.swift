@testable import RetainedStore

extension [UInt8] {
    /// The bytes of a string of hexadecimal digits; what is no digit is left out.
    init(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Hexadecimal.value(ofDigit: $0) }
        precondition(digits.count.isMultiple(of: 2), "half a byte")
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    var hexadecimal: String { withUnsafeBytes { Hexadecimal.encode($0) } }

    /// The bytes as a secret.
    var secret: SecretBytes { withUnsafeBytes { SecretBytes(copying: $0) } }
}

extension SecretBytes {
    /// A copy, as only tests may make one.
    var copy: [UInt8] { withUnsafeBytes { Array($0) } }
}
