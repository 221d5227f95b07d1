internal import Synchronization

extension Journal {
    /// What the journal thread found to do.
    private enum Work {
        /// A group that has gathered.
        case group(GroupBuffer)
        /// An empty group, to be written as a mark.
        case mark(GroupBuffer)
        /// A sync that somebody waits for, or that the interval demands.
        case sync
        /// Nothing to write, but writers are slowed, and perhaps need be no longer.
        case look
        /// The journal is being closed, and everything has been written.
        case end
    }

    /// Starts the threads. Once, when the open group's segment has been begun by `writer`, which belongs to the journal
    /// thread from here on.
    ///
    /// - Parameter afterGroup: Called in the journal thread after each group, and every few milliseconds while writers are
    ///   slowed: what the store does at these moments needs no timer of its own.
    func start(writer: JournalWriter, afterGroup: @escaping @Sendable () -> Void) throws(EnvironmentError) {
        // Safe because this thread lets go of the writer here and the journal thread is the only one that has it then.
        nonisolated(unsafe) let writer = writer
        threads.append(try BackgroundThread(name: "latch-journal") { self.run(writer, afterGroup: afterGroup) })
        threads.append(try BackgroundThread(name: "latch-segments") { self.prepareSegments() })
    }

    /// Writes everything, syncs it, writes the closing mark and ends the threads.
    func close() {
        order.withLock {
            isClosing = true
            workArrived.broadcast()
            roomArrived.broadcast()
            segmentWanted.broadcast()
        }
        for thread in threads { thread.join() }
        threads.removeAll()
    }

    /// Ends acknowledging for good: the disk's contents are unknown from here on.
    func fail(_ error: StoreError) {
        let isFirst = order.withLock {
            if failure != nil { return false }
            failure = error
            workArrived.broadcast()
            roomArrived.broadcast()
            segmentWanted.broadcast()
            syncArrived.broadcast()
            return true
        }
        if isFirst { progress.report(.failed(error)) }
    }

    /// Returns when every record up to an LSN is on the disk, whatever the policy.
    func sync(through lsn: UInt64) throws(StoreError) {
        try order.withLock { () throws(StoreError) in
            if lsn > wantedSyncLSN { wantedSyncLSN = lsn }
            while syncedLSN.load(ordering: .acquiring) < lsn {
                try checkState()
                workArrived.broadcast()
                syncArrived.wait(order)
            }
        }
    }

    private func run(_ writer: JournalWriter, afterGroup: @Sendable () -> Void) {
        var lastWrite = MonotonicTime.now
        while true {
            let work: Work
            order.lock()
            if let found = waitForWork(writer, lastWrite: lastWrite) {
                work = found
                order.unlock()
            } else {
                order.unlock()
                return
            }
            do throws(EnvironmentError) {
                switch work {
                case .group(let group):
                    waitUntilFilled(group)
                    try write(group, writer)
                    afterGroup()
                case .mark(let group): try write(group, writer)
                case .sync: try sync(writer)
                case .look:
                    order.withLock { lookCount += 1 }
                    afterGroup()
                case .end: return try end(writer)
                }
            } catch {
                return fail(.failed(error))
            }
            lastWrite = .now
        }
    }

    /// With the order lock held; nil after a failure.
    private func waitForWork(_ writer: JournalWriter, lastWrite: MonotonicTime) -> Work? {
        while true {
            if failure != nil { return nil }
            if let group = openGroup, group.count > 0 {
                take(group)
                return .group(group)
            }
            if isClosing { return .end }
            if writer.syncedLSN < min(wantedSyncLSN, writer.end.lastLSN) { return .sync }
            var deadline: MonotonicTime?
            if case .interval(let milliseconds) = policy, writer.hasUnsyncedBytes {
                let due = (lastSyncTime ?? lastWrite).advanced(milliseconds: milliseconds)
                if due <= .now { return .sync }
                deadline = due
            }
            if writer.statedLSN < writer.syncedLSN, let group = openGroup, group.bytesMax > 2 * GroupHeader.bytes {
                let due = lastWrite.advanced(milliseconds: limits.idleMarkMilliseconds)
                if due <= .now {
                    take(group)
                    return .mark(group)
                }
                deadline = min(deadline ?? due, due)
            }
            // Without space for a segment nothing changes before the preparing thread has found some, and says so.
            if areWritersSlowed, openGroup != nil || !isOutOfSpace {
                let due = lastWrite.advanced(milliseconds: limits.reliefMilliseconds)
                if due <= .now { return .look }
                deadline = min(deadline ?? due, due)
            }
            workArrived.wait(order, until: deadline)
        }
    }

    /// Closes the open group and opens the next one behind it.
    private func take(_ group: GroupBuffer) {
        group.isAwaited.store(true, ordering: .sequentiallyConsistent)
        writingGroup = group
        openGroup = nil
        tailOffset = group.end
        openNextGroup()
        roomArrived.broadcast()
    }

    private func waitUntilFilled(_ group: GroupBuffer) {
        guard group.unfilled.load(ordering: .sequentiallyConsistent) > 0 else { return }
        order.withLock {
            while group.unfilled.load(ordering: .sequentiallyConsistent) > 0 { workArrived.wait(order) }
        }
    }

    private func write(_ group: GroupBuffer, _ writer: JournalWriter) throws(EnvironmentError) {
        try syncKeys()
        try writer.write(group)
        let end = JournalPlace(segment: writer.end.segmentNumber, offset: Int(writer.end.offset))
        writtenEnd.store(end.rawValue, ordering: .releasing)
        if isSyncDue(writer) {
            try writer.sync()
        }
        publish(writer) {
            writingGroup = nil
            groupCount += 1
            if group.memory.count <= limits.groupBytesMax { freeBuffers.append(group) }
        }
    }

    private func isSyncDue(_ writer: JournalWriter) -> Bool {
        switch policy {
        case .always: true
        case .interval(let milliseconds):
            lastSyncTime.map { $0.advanced(milliseconds: milliseconds) <= .now } ?? true
        case .none: false
        }
    }

    private func sync(_ writer: JournalWriter) throws(EnvironmentError) {
        try writer.sync()
        publish(writer) {}
    }

    /// Makes known what the writer has achieved, unless something failed meanwhile.
    private func publish(_ writer: JournalWriter, _ change: () -> Void) {
        let durable = policy == .always ? writer.syncedLSN : writer.end.lastLSN
        let hasGrown = order.withLock {
            change()
            begunNumber = writer.end.segmentNumber
            if writer.syncedLSN > syncedLSN.load(ordering: .relaxed) || !writer.hasUnsyncedBytes { lastSyncTime = .now }
            guard failure == nil else { return false }
            syncedLSN.store(writer.syncedLSN, ordering: .releasing)
            syncArrived.broadcast()
            guard durable > durableLSN.load(ordering: .relaxed) else { return false }
            durableLSN.store(durable, ordering: .releasing)
            return true
        }
        if hasGrown { progress.report(.durable(durable)) }
    }

    /// The last sync and the closing mark, which states that everything is on the disk.
    private func end(_ writer: JournalWriter) throws(EnvironmentError) {
        try sync(writer)
        guard writer.statedLSN < writer.syncedLSN else { return }
        let mark = order.withLock { () -> GroupBuffer? in
            guard let group = openGroup else { return nil }
            writingGroup = group
            openGroup = nil
            return group
        }
        guard let mark else { return }
        try write(mark, writer)
        try sync(writer)
    }
}
