/// A UTF-8 encoded string (1.5.4), compared byte by byte.
///
/// Not `String`: `String` compares by canonical equivalence, and two client identifiers or user names of different
/// bytes must never be the same identity. ACL rules and stored records work on the bytes as well.
public struct UTF8String: Sendable, Hashable {
    public let bytes: [UInt8]

    /// The bytes of a Swift string, which are well formed by construction.
    public init(_ string: String) {
        bytes = Array(string.utf8)
    }

    /// Takes `bytes` if they are a UTF-8 encoded string.
    public init?(validating bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.withUnsafeBytes(UTF8Validation.isEncodedString) else { return nil }
        self.bytes = bytes
    }

    /// Copies text that a reader has validated.
    init(copying validated: UnsafeRawBufferPointer) {
        bytes = Array(validated)
    }

    public var isEmpty: Bool { bytes.isEmpty }

    public var count: Int { bytes.count }
}

extension UTF8String: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension UTF8String: CustomStringConvertible {
    /// The text itself: whoever prints it decides whether it may be seen.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
