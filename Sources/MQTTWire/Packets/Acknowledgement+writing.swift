public import NIOCore

extension Acknowledgement {
    /// Appends the packet to `buffer`: four bytes, and a fifth in 5.0 where the reason code is not `success`.
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        let hasReasonCode = version.hasProperties && reasonCode != .success
        FieldWriter.appendPacket(
            kind.packetType,
            flags: kind == .pubrel ? 0x02 : 0,
            bodyBytes: hasReasonCode ? 3 : 2,
            to: &buffer
        ) { writer in
            writer.write(packetIdentifier)
            if hasReasonCode { writer.write(reasonCode.rawValue) }
        }
    }
}

extension Acknowledgement.Kind {
    @inlinable public var packetType: PacketType {
        switch self {
        case .puback: .puback
        case .pubrec: .pubrec
        case .pubrel: .pubrel
        case .pubcomp: .pubcomp
        }
    }
}
