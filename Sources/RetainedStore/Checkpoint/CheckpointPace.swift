/// How far a checkpoint has come, and so how much writers may add meanwhile.
///
/// A checkpoint takes its room from the overlay that writers fill; were they free to fill it as fast as they can, they
/// would be stopped until the end of a checkpoint that is slower than they are, which may be seconds. Held to its pace
/// they wait for milliseconds, again and again, and the overlay is as full as it may get when the checkpoint ends.
struct CheckpointPace {
    /// The part of the room that writers may take before the checkpoint has moved anything: it sorts first.
    private static let headStart = 0.25

    private let recordCount: Int
    private let start: MonotonicTime
    private var movedCount = 0
    private var movedTime: MonotonicTime
    private var lastChunkCount = 0

    /// - Parameter recordCount: Records that the checkpoint has to move.
    init(recordCount: Int, start: MonotonicTime) {
        self.recordCount = recordCount
        self.start = start
        movedTime = start
    }

    /// A chunk has been committed.
    ///
    /// - Parameter movedCount: Records moved so far.
    mutating func chunkCommitted(movedCount: Int, at time: MonotonicTime) {
        lastChunkCount = movedCount - self.movedCount
        self.movedCount = movedCount
        movedTime = time
    }

    /// The part of the checkpoint that is done at a moment, from 0 to 1: what has been committed, and what has been done
    /// since if the pace is as before, though not more than another chunk or two.
    func progress(at time: MonotonicTime) -> Double {
        guard movedCount > 0 else { return 0 }
        let perSecond = Double(movedCount) / max(1e-6, movedTime.seconds(since: start))
        let expected = min(perSecond * time.seconds(since: movedTime), Double(2 * lastChunkCount))
        return min(1, (Double(movedCount) + expected) / Double(recordCount))
    }

    /// How much of a room for so many new entries writers may have taken at a moment.
    func allowance(of room: Int, at time: MonotonicTime) -> Int {
        Int(Double(room) * (Self.headStart + (1 - Self.headStart) * progress(at: time)))
    }
}
