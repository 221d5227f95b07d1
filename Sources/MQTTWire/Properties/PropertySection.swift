/// A property section in the making (2.2.2), for packets off the hot path.
struct PropertySection {
    /// The properties without their length.
    private(set) var bytes: [UInt8] = []

    mutating func append(_ identifier: PropertyIdentifier, _ value: Bool?) {
        guard let value else { return }
        bytes += [identifier.rawValue, value ? 1 : 0]
    }

    mutating func append(_ identifier: PropertyIdentifier, _ value: UInt16?) {
        guard let value else { return }
        bytes += [identifier.rawValue, UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    mutating func append(_ identifier: PropertyIdentifier, _ value: UInt32?) {
        guard let value else { return }
        bytes.append(identifier.rawValue)
        withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }

    mutating func append(_ identifier: PropertyIdentifier, _ value: UTF8String?) {
        append(identifier, value?.bytes)
    }

    mutating func append(_ identifier: PropertyIdentifier, _ value: [UInt8]?) {
        guard let value else { return }
        bytes.append(identifier.rawValue)
        appendPrefixed(value)
    }

    mutating func append(_ userProperties: [UserProperty]) {
        for property in userProperties {
            bytes.append(PropertyIdentifier.userProperty.rawValue)
            appendPrefixed(property.name.bytes)
            appendPrefixed(property.value.bytes)
        }
    }

    mutating func append(subscriptionIdentifier: UInt32?) {
        guard var rest = subscriptionIdentifier else { return }
        precondition(1...WireLimits.variableByteIntegerMax ~= rest, "a subscription identifier out of its range")
        bytes.append(PropertyIdentifier.subscriptionIdentifier.rawValue)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Properties that are encoded already.
    mutating func append(encoded: [UInt8]) {
        bytes += encoded
    }

    private mutating func appendPrefixed(_ value: [UInt8]) {
        precondition(value.count <= WireLimits.stringBytesMax, "a string above 65,535 bytes")
        bytes += [UInt8(value.count >> 8), UInt8(truncatingIfNeeded: value.count)]
        bytes += value
    }
}

extension PropertySection {
    var isEmpty: Bool { bytes.isEmpty }

    /// The bytes on the wire, with the length in front.
    var encodedBytes: Int { VariableByteInteger.byteCount(of: bytes.count) + bytes.count }
}

extension FieldWriter {
    /// The length of the section, and its properties.
    mutating func write(_ section: PropertySection) {
        writeVariableByteInteger(UInt32(section.bytes.count))
        write(section.bytes)
    }
}
