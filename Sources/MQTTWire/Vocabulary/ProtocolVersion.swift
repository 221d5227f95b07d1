/// A version of the protocol; the raw value is the protocol level of CONNECT (3.1.2.2 Protocol Version).
@frozen
public enum ProtocolVersion: UInt8, Sendable, Hashable, CaseIterable {
    /// MQTT 3.1 (protocol name `MQIsdp`).
    case v31 = 3
    /// MQTT 3.1.1.
    case v311 = 4
    /// MQTT 5.0.
    case v50 = 5

    /// Whether packets of this version have a property section.
    @inlinable public var hasProperties: Bool { self == .v50 }
}
