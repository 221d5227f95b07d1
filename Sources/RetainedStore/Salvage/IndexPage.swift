/// A page of LMDB's file as bytes, read without trusting any of them.
///
/// LMDB's own reader takes its pages at their word, and a damaged one can end the process. Here nothing is followed and
/// no length is believed that does not lie within the page. The layout is that of `mdb.c`, data version 1:
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | page number |
/// | 8 | 2 | unused |
/// | 10 | 2 | flags: 1 branch, 2 leaf, 4 overflow, 8 meta |
/// | 12 | 2 | end of the array of node offsets |
/// | 14 | 2 | where the nodes begin; bytes 12…15 are the number of pages in an overflow page |
/// | 16 | 2 × nodes | node offsets, in the order of the keys |
struct IndexPage {
    static let headerBytes = 16

    /// What a page is for.
    enum Kind: UInt16 {
        case branch = 1
        case leaf = 2
        case overflow = 4
    }

    /// Why a page is not what it should be.
    struct Fault {
        var offset: Int
        var field: String
        var expected: String
        var found: String
    }

    /// Where it stands in the file, in pages.
    let number: UInt64
    let bytes: UnsafeRawBufferPointer

    var statedNumber: UInt64 { bytes.loadLittleEndian(at: 0) }
    /// nil for a meta page, and for what is none of LMDB's.
    var kind: Kind? { Kind(rawValue: bytes.loadLittleEndian(at: 10)) }
    /// Pages in an overflow page.
    var overflowCount: Int { Int(bytes.loadLittleEndian(at: 12, as: UInt32.self)) }
    private var lower: Int { Int(bytes.loadLittleEndian(at: 12, as: UInt16.self)) }
    var upper: Int { Int(bytes.loadLittleEndian(at: 14, as: UInt16.self)) }

    /// Nodes that the page says it has, as far as their offsets fit into it.
    var nodeCount: Int { max(0, min(lower, bytes.count) - Self.headerBytes) / 2 }

    /// What is wrong with the header of a page that should be of a kind; nil: nothing.
    func fault(as kind: Kind) -> Fault? {
        if statedNumber != number {
            return Fault(offset: 0, field: "page number", expected: "\(number)", found: "\(statedNumber)")
        }
        if self.kind != kind {
            let found = bytes.loadLittleEndian(at: 10, as: UInt16.self)
            return Fault(offset: 10, field: "page flags", expected: "\(kind.rawValue)", found: "\(found)")
        }
        if kind == .overflow { return nil }
        if lower < Self.headerBytes || lower % 2 != 0 || lower > upper || upper > bytes.count {
            return Fault(
                offset: 12,
                field: "bounds of the page",
                expected: "\(Self.headerBytes) ≤ lower ≤ upper ≤ \(bytes.count)",
                found: "\(lower) and \(upper)"
            )
        }
        return nil
    }

    /// A node; nil if it does not lie within the page.
    func node(_ index: Int) -> IndexNode? {
        let place = Self.headerBytes + 2 * index
        guard index >= 0, place + 2 <= bytes.count else { return nil }
        return IndexNode(self, at: Int(bytes.loadLittleEndian(at: place, as: UInt16.self)))
    }
}
