/// The connect flags (3.1.2.3 Connect Flags): which fields the payload has.
struct ConnectFlags: OptionSet {
    let rawValue: UInt8

    static let reserved = ConnectFlags(rawValue: 0x01)
    static let cleanStart = ConnectFlags(rawValue: 0x02)
    static let will = ConnectFlags(rawValue: 0x04)
    static let willRetain = ConnectFlags(rawValue: 0x20)
    static let password = ConnectFlags(rawValue: 0x40)
    static let userName = ConnectFlags(rawValue: 0x80)
    private static let willQoSBits = ConnectFlags(rawValue: 0x18)

    /// Nil for 3, which is no QoS.
    var willQoS: QoS? { QoS(rawValue: rawValue >> 3 & 0x03) }

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(_ connect: Connect) {
        var flags: ConnectFlags = []
        if connect.isCleanStart { flags.insert(.cleanStart) }
        if let will = connect.will {
            flags.formUnion([.will, ConnectFlags(rawValue: will.qos.rawValue << 3)])
            if will.isRetained { flags.insert(.willRetain) }
        }
        if connect.password != nil { flags.insert(.password) }
        if connect.userName != nil { flags.insert(.userName) }
        self = flags
    }

    /// Checks what the flags say about each other.
    ///
    /// - Throws: `connectFlagsReserved`, `willFlagsInvalid`, `passwordWithoutUserName`.
    func validate(version: ProtocolVersion) throws(DecodingError) {
        // In 3.1 bit 0 is not used, and nothing is said about its value.
        guard version == .v31 || !contains(.reserved) else { throw DecodingError(.connectFlagsReserved) }
        guard willQoS != nil, contains(.will) || isDisjoint(with: [.willRetain, .willQoSBits]) else {
            throw DecodingError(.willFlagsInvalid)
        }
        guard version.hasProperties || contains(.userName) || !contains(.password) else {
            throw DecodingError(.passwordWithoutUserName)
        }
    }
}
