internal import Synchronization

extension Journal {
    /// How often a retired segment that a reader has pinned is looked at again.
    private static let pinnedRetryMilliseconds = 5

    /// Makes a segment ready, from a recycled file or a new one.
    private enum Preparation {
        case recycle(Segment)
        case remove(Segment)
        case create(bytes: Int)
    }

    /// Takes segments out of the history which hold nothing beyond `lsn`, the last one that is on the disk excepted:
    /// a journal without any segment would have forgotten its LSNs. With the order lock held.
    func retireSegments(through lsn: UInt64) {
        let segments = table.segments
        var count = 0
        while count + 1 < segments.count, segments[count + 1].number <= begunNumber,
            segments[count + 1].firstLSN <= lsn + 1
        {
            count += 1
        }
        guard count > 0 else { return }
        retired.append(contentsOf: segments.prefix(count))
        table = table.droppingFirst(count)
        segmentWanted.signal()
    }

    /// The segment of a number, if it is part of the history or was and has not been recycled. With the order lock
    /// held.
    func segment(_ number: UInt64) -> Segment? {
        table[number: number] ?? retired.first { $0.number == number }
    }

    /// The body of the preparing thread.
    func prepareSegments() {
        while true {
            order.lock()
            let preparation = waitForPreparation()
            order.unlock()
            guard let preparation else { return }
            do throws(EnvironmentError) {
                switch preparation {
                case .recycle(let segment): try recycle(segment)
                case .remove(let segment): try remove(segment)
                case .create(let bytes): add(try createSpare(bytes: bytes))
                }
            } catch {
                if error.isOutOfSpace {
                    order.withLock {
                        isOutOfSpace = true
                        roomArrived.broadcast()
                    }
                } else {
                    return fail(.failed(error))
                }
            }
        }
    }

    /// A new spare: allocated, zero-filled, synced.
    func createSpare(bytes: Int) throws(EnvironmentError) -> Segment {
        let path = order.withLock { nextSparePath() }
        let file = try disk.open(path, creating: true)
        do throws(EnvironmentError) {
            try file.allocate(bytes: bytes)
            try disk.syncDirectory(directory)
            return try Segment(file: file, bytes: bytes)
        } catch {
            file.close()
            try disk.remove(path)
            throw error
        }
    }

    /// With the order lock held; nil at the journal's end.
    private func waitForPreparation() -> Preparation? {
        var retryTime: MonotonicTime?
        isPreparing = false
        defer { isPreparing = true }
        while true {
            if isClosing || failure != nil { return nil }
            if let index = retired.firstIndex(where: { segment in !pins.contains { $0.holds(segment.number) } }) {
                let segment = retired.remove(at: index)
                let isUseful = segment.bytes == limits.segmentBytes && spares.count < limits.sparesMax
                return isUseful ? .recycle(segment) : .remove(segment)
            }
            var deadline =
                retired.isEmpty ? nil : MonotonicTime.now.advanced(milliseconds: Self.pinnedRetryMilliseconds)
            if let bytes = missingSpareBytes {
                if !isOutOfSpace { return .create(bytes: bytes) }
                let due = retryTime ?? MonotonicTime.now.advanced(milliseconds: limits.spaceRetryMilliseconds)
                if due <= .now { return .create(bytes: bytes) }
                retryTime = due
                deadline = min(deadline ?? due, due)
            }
            segmentWanted.wait(order, until: deadline)
        }
    }

    /// Whether the journal has grown as large as it may, so that there is no new segment before a checkpoint has made
    /// one unnecessary. With the order lock held.
    var isAtBytesMax: Bool {
        let bytes = table.segments.reduce(0) { $0 + $1.bytes } + retired.reduce(0) { $0 + $1.bytes }
        return bytes >= limits.journalBytesMax
    }

    /// The size of a segment that should be made now; nil: there are enough, or as many as the journal may have.
    private var missingSpareBytes: Int? {
        guard !isAtBytesMax else { return nil }
        if wantedSegmentBytes > limits.segmentBytes, !spares.contains(where: { $0.bytes >= wantedSegmentBytes }) {
            return (wantedSegmentBytes + 4_095) & ~4_095
        }
        return spares.isEmpty ? limits.segmentBytes : nil
    }

    /// Takes a segment's number away and makes it a spare.
    ///
    /// The directory is synced before anything else happens to the file or to another segment: whoever reads the disk
    /// after a power cut finds every numbered file with the header of its number, and no gap between two numbers.
    private func recycle(_ segment: Segment) throws(EnvironmentError) {
        let path = order.withLock { nextSparePath() }
        try disk.rename(segment.file.path, to: path)
        try disk.syncDirectory(directory)
        segment.file.wasRenamed(to: path)
        add(segment)
    }

    private func remove(_ segment: Segment) throws(EnvironmentError) {
        try disk.remove(segment.file.path)
        try disk.syncDirectory(directory)
        segment.file.close()
    }

    private func add(_ segment: Segment) {
        let wasOutOfSpace = order.withLock {
            spares.append(segment)
            if segment.bytes >= wantedSegmentBytes { wantedSegmentBytes = 0 }
            let wasOutOfSpace = isOutOfSpace
            isOutOfSpace = false
            hasRefused = false
            roomArrived.broadcast()
            // The journal thread did not look whether writers may go on; now it should.
            if wasOutOfSpace {
                if openGroup == nil { openNextGroup() }
                workArrived.signal()
            }
            return wasOutOfSpace
        }
        if wasOutOfSpace { progress.report(.relieved) }
    }

    /// A name that no file has. With the order lock held.
    func nextSparePath(avoiding taken: [String] = []) -> String {
        while true {
            spareCounter += 1
            let path = directory + "/" + SegmentName.spare(spareCounter)
            if !taken.contains(path) { return path }
        }
    }
}
