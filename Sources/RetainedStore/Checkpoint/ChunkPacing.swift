/// Estimates how many pages a transaction has dirtied, so that a chunk ends before they are too many.
///
/// LMDB does not say. Records come sorted, so that those which fall into one leaf come together: a checkpoint of B
/// records over a tree of L leaves touches about min(B, L) of them, spread evenly because blind keys are. What is
/// inserted fills pages besides, to two thirds on average.
struct ChunkPacing {
    private static let pageBytes = 4_096.0
    private static let fill = 0.66
    /// The leaves' parents, and the pages of the free list.
    private static let overhead = 1.05

    private let pagesPerRecord: Double
    private let pagesMax: Double
    private var pages = 0.0

    init(_ statistics: (leafPageCount: Int, recordCount: Int), recordCount: Int, dirtyPagesMax: Int) {
        let leaves = Double(statistics.leafPageCount)
        pagesPerRecord = min(1, leaves / Double(max(1, recordCount)))
        pagesMax = Double(dirtyPagesMax)
    }

    mutating func beginChunk() {
        pages = 0
    }

    /// Counts a record with its key.
    mutating func count(recordBytes: Int) {
        pages += (pagesPerRecord + Double(recordBytes) / (Self.pageBytes * Self.fill)) * Self.overhead
    }

    var isChunkFull: Bool { pages >= pagesMax }
}
