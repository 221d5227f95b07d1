/// The header of a chunk, and where its body lies.
///
/// | version | type | length of the body |
/// |---|---|---|
/// | 5, 6 | u32, big endian | u32, big endian |
/// | 2–4 | u16, big endian | u32, big endian |
struct DatabaseChunk {
    /// The number of the type; other versions may have types that this one does not know.
    let type: UInt32
    /// Where the header begins.
    let start: Int
    /// Where the body lies.
    let body: Range<Int>

    static func headerBytes(version: UInt32) -> Int { version < 5 ? 6 : 8 }

    /// The chunk that begins at an offset, if its header is whole; its body may run past the end.
    init?(_ bytes: UnsafeRawBufferPointer, at offset: Int, version: UInt32) {
        var cursor = ByteCursor(bytes, from: offset, to: bytes.count)
        let type = version < 5 ? cursor.bigEndian(UInt16.self).map(UInt32.init) : cursor.bigEndian(UInt32.self)
        guard let type, let length = cursor.bigEndian(UInt32.self) else { return nil }
        self.type = type
        start = offset
        body = cursor.offset..<cursor.offset + Int(length)
    }

    /// Whether this looks like a chunk that mosquitto wrote: used to find the next one behind damage.
    func isPlausible(in bytes: UnsafeRawBufferPointer, version: UInt32) -> Bool {
        guard let type = ChunkType(rawValue: type), body.upperBound <= bytes.count else { return false }
        guard body.count >= type.bodyBytesMin(version: version) else { return false }
        return type != .baseMessage || BaseMessage(bytes, self, version: version) != nil
    }
}
