/// The result of an operation in 5.0 (2.4 Reason Code); the names are in `ReasonCode+names.swift`.
///
/// A struct and not an enum: codes share values between packet types (0x00 is `success`, `normalDisconnection` and
/// `grantedQoS0`), and a peer may send a value that this version of the specification does not name.
@frozen
public struct ReasonCode: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The code of SUBACK that grants `qos`.
    @inlinable
    public init(granted qos: QoS) {
        self.init(rawValue: qos.rawValue)
    }

    /// Whether the operation failed: 0x80 and above.
    @inlinable public var isError: Bool { rawValue >= 0x80 }
}

extension ReasonCode: CustomStringConvertible {
    /// The value in hexadecimal, as the specification writes it: `0x87`.
    public var description: String {
        "0x" + (rawValue < 0x10 ? "0" : "") + String(rawValue, radix: 16, uppercase: true)
    }
}
