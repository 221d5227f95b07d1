internal import Synchronization

/// A record of the journal, where it lies: in a group's buffer or in a mapped segment.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | record bytes, padding included: a multiple of 8 |
/// | 4 | 1 | record type: 1 set, 2 clear |
/// | 5 | 1 | collection: 1 retained, 2 sessions |
/// | 6 | 2 | blind key bytes |
/// | 8 | 4 | sealed bytes |
/// | 12 | 4 | zero |
/// | 16 | 8 | version |
/// | 24 | 16 | data-key id |
/// | 40 | … | blind key ‖ sealed bytes ‖ zero padding |
///
/// In a group's buffer the first field is zero until the message has been sealed: it is what tells readers, and it is
/// written last.
struct JournalRecord {
    static let headerBytes = 40
    static let alignment = 8
    /// A clear of the longest topic and the largest MQTT packet fit many times over.
    static let sealedBytesMax = 1 << 30

    /// The record's first byte.
    let base: UnsafeRawPointer

    /// Bytes of a record, padding included.
    @inline(__always)
    static func bytes(keyBytes: Int, sealedBytes: Int) -> Int {
        (headerBytes + keyBytes + sealedBytes + alignment - 1) & ~(alignment - 1)
    }

    @inline(__always)
    private func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: Value.Type = Value.self) -> Value {
        Value(littleEndian: base.load(fromByteOffset: offset, as: Value.self))
    }

    var recordBytes: Int { Int(load(0, UInt32.self)) }
    var type: UInt8 { load(4) }
    var collection: UInt8 { load(5) }
    var keyBytes: Int { Int(load(6, UInt16.self)) }
    var sealedBytes: Int { Int(load(8, UInt32.self)) }
    var version: UInt64 { load(16) }
    var dataKeyID: DataKeyID { DataKeyID(load(24, UInt64.self)) | DataKeyID(load(32, UInt64.self)) << 64 }
    var key: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + Self.headerBytes, count: keyBytes) }
    var sealed: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Self.headerBytes + keyBytes, count: sealedBytes)
    }

    /// Writes all but the sealed bytes and the length, which `finish` adds when the message has been sealed.
    @inline(__always)
    static func begin(
        at base: UnsafeMutableRawPointer,
        type: UInt8,
        collection: RecordCollection = .retained,
        key: UnsafeRawBufferPointer,
        sealedBytes: Int,
        version: UInt64,
        dataKeyID: DataKeyID
    ) {
        base.storeBytes(of: UInt32(0), as: UInt32.self)
        base.storeBytes(of: type, toByteOffset: 4, as: UInt8.self)
        base.storeBytes(of: collection.rawValue, toByteOffset: 5, as: UInt8.self)
        base.storeBytes(of: UInt16(key.count).littleEndian, toByteOffset: 6, as: UInt16.self)
        base.storeBytes(of: UInt32(sealedBytes).littleEndian, toByteOffset: 8, as: UInt32.self)
        base.storeBytes(of: UInt32(0), toByteOffset: 12, as: UInt32.self)
        base.storeBytes(of: version.littleEndian, toByteOffset: 16, as: UInt64.self)
        base.storeBytes(of: UInt64(truncatingIfNeeded: dataKeyID).littleEndian, toByteOffset: 24, as: UInt64.self)
        base.storeBytes(of: UInt64(truncatingIfNeeded: dataKeyID >> 64).littleEndian, toByteOffset: 32, as: UInt64.self)
        if let source = key.baseAddress { (base + headerBytes).copyMemory(from: source, byteCount: key.count) }
    }

    /// Zeroes the padding and writes the length: from here on readers may open the record.
    @inline(__always)
    static func finish(at base: UnsafeMutableRawPointer, keyBytes: Int, sealedBytes: Int) {
        let end = headerBytes + keyBytes + sealedBytes
        let bytes = Self.bytes(keyBytes: keyBytes, sealedBytes: sealedBytes)
        for offset in end..<bytes { base.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
        lengthWord(base).pointee.store(UInt32(bytes).littleEndian, ordering: .releasing)
    }

    /// Whether the message has been sealed, which in a segment it always has.
    @inline(__always)
    var isFilled: Bool {
        Self.lengthWord(UnsafeMutableRawPointer(mutating: base)).pointee.load(ordering: .acquiring) != 0
    }

    @inline(__always)
    private static func lengthWord(_ base: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Atomic<UInt32>> {
        // Atomic<UInt32> is a UInt32 in place; records are 8-aligned, and their memory is the group buffer's.
        base.assumingMemoryBound(to: Atomic<UInt32>.self)
    }
}
