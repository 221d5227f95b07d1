internal import Synchronization

/// A key of the overlay, where it lies in the overlay's memory: 64 bytes, one cache line.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 16 | the key's last token |
/// | 16 | 8 | the place of the key's newest record; the only field that ever changes, atomically |
/// | 24 | 2 | key bytes |
/// | 26 | 38 | the key's first bytes: class, two tokens, five bytes of the third |
///
/// The last token stands for the whole key in the hash table: it is the output of a keyed pseudo-random function over
/// the whole path, so that two keys share it with a probability of 2⁻¹²⁸. The first bytes spare most comparisons in key
/// order a visit to the journal, where the full key is.
struct OverlayEntry {
    static let bytes = 64
    static let prefixBytes = 38
    private static let placeOffset = 16
    private static let keyBytesOffset = 24
    private static let prefixOffset = 26

    let base: UnsafeMutableRawPointer

    @inline(__always)
    var token: UInt128 { base.load(as: UInt128.self) }

    @inline(__always)
    var keyBytes: Int { Int(base.load(fromByteOffset: Self.keyBytesOffset, as: UInt16.self)) }

    /// The key's first bytes: all of the key if it is that short.
    @inline(__always)
    var prefix: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Self.prefixOffset, count: min(keyBytes, Self.prefixBytes))
    }

    /// The place of the newest record. Whoever reads it sees the record's header and key.
    @inline(__always)
    var place: JournalPlace {
        JournalPlace(rawValue: placeWord.pointee.load(ordering: .acquiring))
    }

    /// Moves the entry to a newer record, whose header and key have been written.
    @inline(__always)
    func move(to place: JournalPlace) {
        placeWord.pointee.store(place.rawValue, ordering: .releasing)
    }

    /// Fills an entry that nobody else sees yet.
    @inline(__always)
    static func initialize(
        at base: UnsafeMutableRawPointer,
        token: UInt128,
        key: UnsafeRawBufferPointer,
        place: JournalPlace
    ) {
        base.storeBytes(of: token, as: UInt128.self)
        base.storeBytes(of: place.rawValue, toByteOffset: placeOffset, as: UInt64.self)
        base.storeBytes(of: UInt16(key.count), toByteOffset: keyBytesOffset, as: UInt16.self)
        if let source = key.baseAddress {
            (base + prefixOffset).copyMemory(from: source, byteCount: min(key.count, prefixBytes))
        }
    }

    @inline(__always)
    private var placeWord: UnsafeMutablePointer<Atomic<UInt64>> {
        // Atomic<UInt64> is a UInt64 in place; entries are 16-aligned.
        (base + Self.placeOffset).assumingMemoryBound(to: Atomic<UInt64>.self)
    }
}
