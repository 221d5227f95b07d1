public import NIOCore

/// PINGREQ and PINGRESP (3.12, 3.13): packets without contents.
///
/// `FixedHeader` refuses any that has a body, so there is nothing to read.
public enum Ping {
    /// Appends a PINGREQ to `buffer`, as a client.
    public static func writeRequest(to buffer: inout ByteBuffer) {
        FieldWriter.appendPacket(.pingreq, bodyBytes: 0, to: &buffer) { _ in }
    }

    /// Appends a PINGRESP to `buffer`.
    public static func writeResponse(to buffer: inout ByteBuffer) {
        FieldWriter.appendPacket(.pingresp, bodyBytes: 0, to: &buffer) { _ in }
    }
}
