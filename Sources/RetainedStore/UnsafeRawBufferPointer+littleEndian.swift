// Every integer on disk is little-endian and unaligned; these two are the only places that say so.

extension UnsafeRawBufferPointer {
    /// The integer that begins at `offset`.
    @inline(__always)
    func loadLittleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        as type: Value.Type = Value.self
    ) -> Value {
        Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes the integer at `offset`.
    @inline(__always)
    func storeLittleEndian<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }
}
