import Foundation

/// The leaf pages of an index file, found and changed byte by byte as somebody with the disk would (`mdb.c`, data version 1).
struct IndexPages {
    private static let pageBytes = 4_096
    private static let headerBytes = 16
    private static let leaf = 2
    /// The blind key of a topic of one level.
    private static let keyBytes = 17

    var bytes: Data

    init(path: String) throws {
        bytes = try Data(contentsOf: URL(filePath: path))
    }

    func write(to path: String) throws {
        try bytes.write(to: URL(filePath: path))
    }

    private func number(_ count: Int, at offset: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    /// The values of topics of one level, given-up copies among them: where they are, and their versions.
    func values() -> [(range: Range<Int>, version: Int)] {
        var values: [(Range<Int>, Int)] = []
        for page in leafPages() {
            for index in 0..<nodeCount(page) {
                let node = page + number(2, at: page + Self.headerBytes + 2 * index)
                guard number(2, at: node + 6) == Self.keyBytes else { continue }
                let start = node + 8 + Self.keyBytes
                values.append((start..<start + number(4, at: node), number(8, at: start)))
            }
        }
        return values
    }

    /// Takes the last record out of every leaf page that has several.
    mutating func deleteLastRecords() {
        for page in leafPages() where nodeCount(page) > 1 {
            let node = page + number(2, at: page + Self.headerBytes)
            guard number(2, at: node + 6) == Self.keyBytes else { continue }
            let lower = number(2, at: page + 12) - 2
            bytes[page + 12] = UInt8(lower & 0xFF)
            bytes[page + 13] = UInt8(lower >> 8)
        }
    }

    /// Makes every page but the two that begin the file say that its nodes lie behind its end.
    mutating func scatterNodes() {
        for page in stride(from: 2 * Self.pageBytes, to: bytes.count, by: Self.pageBytes) {
            for offset in page + Self.headerBytes..<page + 64 { bytes[offset] = 0xFF }
        }
    }

    private func leafPages() -> [Int] {
        stride(from: 2 * Self.pageBytes, to: bytes.count, by: Self.pageBytes).filter {
            number(2, at: $0 + 10) == Self.leaf
        }
    }

    private func nodeCount(_ page: Int) -> Int { (number(2, at: page + 12) - Self.headerBytes) / 2 }
}
