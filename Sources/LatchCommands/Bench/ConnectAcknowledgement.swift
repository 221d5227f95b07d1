/// What a broker answers to CONNECT (3.2).
struct ConnectAcknowledgement: Equatable {
    /// 0 where the broker accepts.
    var code: UInt8
    /// Unacknowledged messages that the broker allows (5.0, 3.2.2.3.3).
    var receiveMaximum = 65_535

    /// - Parameter body: what follows the remaining length.
    init(_ body: UnsafeRawBufferPointer, version: LoadVersion) throws(LoadFailure) {
        switch version {
        case .mqtt311:
            guard body.count == 2 else { throw .malformed("CONNACK") }
            code = body[1]
        case .mqtt5:
            guard body.count >= 2 else { throw .malformed("CONNACK") }
            code = body[1]
            // A broker that does not speak 5.0 may answer as 3.1.1 has it.
            guard body.count > 2 else { return }
            try readProperties(UnsafeRawBufferPointer(rebasing: body[2...]))
        }
    }

    private mutating func readProperties(_ bytes: UnsafeRawBufferPointer) throws(LoadFailure) {
        guard let (length, start) = VariableByteInteger.read(bytes, at: 0), start + length <= bytes.count else {
            throw .malformed("the properties of CONNACK")
        }
        var place = start
        while place < start + length {
            let identifier = bytes[place]
            place += 1
            let count: Int
            switch identifier {
            case 0x11, 0x27: count = 4
            case 0x13, 0x21, 0x22: count = 2
            case 0x24, 0x25, 0x28, 0x29, 0x2A: count = 1
            case 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F: count = try Self.stringBytes(bytes, at: place)
            case 0x26:
                let name = try Self.stringBytes(bytes, at: place)
                count = name + (try Self.stringBytes(bytes, at: place + name))
            default: throw .malformed("property \(identifier) in CONNACK")
            }
            guard place + count <= start + length else { throw .malformed("the properties of CONNACK") }
            if identifier == 0x21 { receiveMaximum = Int(bytes[place]) << 8 | Int(bytes[place + 1]) }
            place += count
        }
    }

    /// Length of a string or of binary data with its length in front.
    private static func stringBytes(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(LoadFailure) -> Int {
        guard place + 2 <= bytes.count else { throw .malformed("the properties of CONNACK") }
        return 2 + (Int(bytes[place]) << 8 | Int(bytes[place + 1]))
    }
}
