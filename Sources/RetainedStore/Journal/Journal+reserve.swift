internal import Synchronization

extension Journal {
    /// The smallest rest of a segment that is worth a group: below it the next segment begins.
    private var restBytesMin: Int { max(limits.groupBytesMax / 8, GroupHeader.bytes) }

    /// Why a writer can not go on, if so. With the order lock held.
    func checkState() throws(StoreError) {
        if let failure { throw failure }
        if isClosing { throw .closed }
    }

    /// Reserves the slots of a batch in the open group, if there is room now. With the order lock held.
    ///
    /// - Returns: nil if the caller should wait for `roomArrived` and try again.
    /// - Throws: `full` if there is no space for the segment that the batch needs.
    func reserve(bytes: Int, count: Int, isExclusive: Bool) throws(StoreError) -> JournalReservation? {
        if openGroup == nil { openNextGroup() }
        guard let group = openGroup else {
            if isOutOfSpace { throw refusal() }
            return nil
        }
        if exclusiveWaiters > 0, !isExclusive { return nil }
        if group.used + bytes > group.bytesMax {
            guard group.count == 0 else { return nil }
            guard makeRoom(for: bytes + GroupHeader.bytes, in: group) else {
                guard isOutOfSpace else { return nil }
                // Whoever comes next may need less.
                wantedSegmentBytes = 0
                guard spares.isEmpty else {
                    // There is no room for this batch; for others there is, and whether there is for it is asked anew.
                    isOutOfSpace = false
                    throw .full(.journal)
                }
                throw refusal()
            }
        }
        let wasEmpty = group.count == 0
        let offset = group.reserve(bytes: bytes, count: count)
        let firstLSN = lastLSN + 1
        lastLSN += UInt64(count)
        position += UInt64(bytes)
        if wasEmpty, writingGroup == nil { workArrived.signal() }
        return JournalReservation(group: group, offset: offset, firstLSN: firstLSN)
    }

    private func refusal() -> StoreError {
        hasRefused = true
        return .full(.journal)
    }

    /// Whether a batch of so many bytes needs a group to itself.
    func needsExclusiveGroup(bytes: Int) -> Bool {
        bytes + GroupHeader.bytes > limits.groupBytesMax
    }

    /// Whether the open group has so little room that writers should be slowed. With the order lock held.
    var isNearlyFull: Bool {
        guard let group = openGroup else { return true }
        return group.used > group.bytesMax / 4 * 3 && group.bytesMax >= restBytesMin
    }

    /// Says that the slots of a reservation are filled.
    @inline(__always)
    func finish(_ reservation: JournalReservation) {
        let group = reservation.group
        // Sequentially consistent with the journal thread's store of `isAwaited` before its load of `unfilled`: one of
        // the two sees the other.
        let left = group.unfilled.subtract(1, ordering: .sequentiallyConsistent).newValue
        if left == 0, group.isAwaited.load(ordering: .sequentiallyConsistent) {
            order.withLock { workArrived.broadcast() }
        }
    }

    /// Opens a group where the last one ended, or in the next segment. With the order lock held.
    func openNextGroup() {
        guard let current = table.segments.last else {
            if let spare = takeSpare(bytes: 0) { openGroup(in: spare) }
            return
        }
        let rest = current.bytes - tailOffset
        if rest < restBytesMin {
            if let spare = takeSpare(bytes: 0) { return openGroup(in: spare) }
            segmentWanted.signal()
            if rest <= GroupHeader.bytes { return }
        }
        openGroup(in: current, at: tailOffset)
    }

    /// Makes an empty group large enough, in another segment if need be.
    private func makeRoom(for bytes: Int, in group: GroupBuffer) -> Bool {
        if bytes > group.segment.bytes - group.base {
            guard let spare = takeSpare(bytes: SegmentHeader.blockBytes + bytes) else { return false }
            freeBuffers.append(group)
            openGroup = nil
            takeBackUnbegunSegment()
            openGroup(in: spare)
        }
        openGroup?.admit(bytes: bytes)
        return true
    }

    /// Takes the last segment out of the history if nothing of it is on the disk and nothing is about to be: another
    /// one gets its number, since numbers have no gaps.
    private func takeBackUnbegunSegment() {
        guard let last = table.segments.last, last.number > begunNumber, tailOffset == SegmentHeader.blockBytes else {
            return
        }
        table = table.droppingLast()
        last.begin(number: 0, firstLSN: 0)
        spares.append(last)
    }

    /// A spare that holds so many bytes at least; asks for one if there is none.
    private func takeSpare(bytes: Int) -> Segment? {
        defer { segmentWanted.signal() }
        guard let index = spares.lastIndex(where: { $0.bytes >= bytes }) else {
            wantedSegmentBytes = max(wantedSegmentBytes, bytes)
            return nil
        }
        return spares.remove(at: index)
    }

    /// Opens the first group of the next segment.
    private func openGroup(in spare: Segment) {
        spare.begin(number: (table.segments.last?.number ?? 0) + 1, firstLSN: lastLSN + 1)
        table = table.appending(spare)
        openGroup(in: spare, at: SegmentHeader.blockBytes)
    }

    private func openGroup(in segment: Segment, at base: Int) {
        let buffer = takeBuffer(for: segment)
        tailOffset = base
        buffer.open(
            in: segment,
            at: base,
            bytesMax: min(buffer.memory.count, segment.bytes - base),
            firstLSN: lastLSN + 1
        )
        openGroup = buffer
    }

    private func takeBuffer(for segment: Segment) -> GroupBuffer {
        if let index = freeBuffers.lastIndex(where: { !$0.isPinned }) { return freeBuffers.remove(at: index) }
        return GroupBuffer(bytes: limits.groupBytesMax, segment: segment)
    }
}
