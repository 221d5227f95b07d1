/// A PUBLISH as a subscriber finds it in its buffer; valid only while the buffer is.
struct ReceivedPublish {
    let qos: UInt8
    let isRetained: Bool
    let topic: UnsafeRawBufferPointer
    /// 0 for QoS 0.
    let identifier: UInt16
    let payload: UnsafeRawBufferPointer

    /// - Parameters:
    ///   - first: the packet's first byte.
    ///   - body: what follows the remaining length (3.3).
    @inline(__always)
    init(first: UInt8, body: UnsafeRawBufferPointer, version: LoadVersion) throws(LoadFailure) {
        qos = (first >> 1) & 3
        isRetained = first & 1 == 1
        guard body.count >= 2 else { throw .malformed("PUBLISH without topic") }
        let topicBytes = Int(UInt16(bigEndian: body.loadUnaligned(as: UInt16.self)))
        var offset = 2 &+ topicBytes
        let identifierBytes = qos > 0 ? 2 : 0
        guard qos < 2, body.count >= offset &+ identifierBytes else { throw .malformed("PUBLISH") }
        topic = UnsafeRawBufferPointer(rebasing: body[2..<offset])
        if qos > 0 {
            identifier = UInt16(bigEndian: body.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
            offset &+= 2
        } else {
            identifier = 0
        }
        if version == .mqtt5 {
            guard let (length, end) = VariableByteInteger.read(body, at: offset), end &+ length <= body.count else {
                throw .malformed("the properties of PUBLISH")
            }
            offset = end &+ length
        }
        payload = UnsafeRawBufferPointer(rebasing: body[offset...])
    }
}
