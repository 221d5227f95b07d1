/// One property as it stands in a packet; slices are valid as long as the packet's bytes.
struct Property {
    let identifier: PropertyIdentifier

    /// The value of a flag or an integer, else 0.
    var integer: UInt32 = 0

    /// The value of a string or of binary data; the name of a user property.
    var bytes = UnsafeRawBufferPointer(start: nil, count: 0)

    /// The value of a user property.
    var value = UnsafeRawBufferPointer(start: nil, count: 0)

    init(_ identifier: PropertyIdentifier) {
        self.identifier = identifier
    }

    /// Reads identifier and value; the value of a flag is checked, other values are the packet's business.
    @inline(__always)
    init(_ reader: inout FieldReader) throws(DecodingError) {
        // The identifier is a variable byte integer, but all of them fit one byte.
        guard let identifier = PropertyIdentifier(rawValue: try reader.readUInt8()) else {
            throw DecodingError(.propertyUnknown)
        }
        self.identifier = identifier
        switch identifier.kind {
        case .flag:
            integer = UInt32(try reader.readUInt8())
            guard integer <= 1 else { throw DecodingError(.propertyValueInvalid) }
        case .twoByteInteger:
            integer = UInt32(try reader.readUInt16())
        case .fourByteInteger:
            integer = try reader.readUInt32()
        case .variableByteInteger:
            integer = try reader.readVariableByteInteger()
        case .string:
            bytes = try reader.readString()
        case .binary:
            bytes = try reader.readBinary()
        case .stringPair:
            bytes = try reader.readString()
            value = try reader.readString()
        }
    }
}

extension Property {
    var flag: Bool { integer != 0 }

    var text: UTF8String { UTF8String(copying: bytes) }

    var userProperty: UserProperty {
        UserProperty(name: UTF8String(copying: bytes), value: UTF8String(copying: value))
    }
}
