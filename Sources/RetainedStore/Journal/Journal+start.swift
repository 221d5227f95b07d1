extension Journal {
    /// Takes over the files that recovery found unused, and begins a new segment behind what it found.
    ///
    /// On a full disk there is no new segment yet: the store can be read, and takes messages as soon as there is space.
    func prepareStart(_ found: JournalReplay.Outcome, _ identity: JournalIdentity) throws(EnvironmentError)
        -> JournalWriter
    {
        // What a killed process wrote may be in the page cache only; the new segment's header is about to build on it.
        if let last = table.segments.last { try last.file.sync() }
        try adopt(found.unused)
        let writer = try JournalWriter(disk: disk, directory: directory, identity: identity, end: found.end)
        if spares.isEmpty {
            do throws(EnvironmentError) {
                spares.append(try createSpare(bytes: limits.segmentBytes))
            } catch {
                guard error.isOutOfSpace else { throw error }
                isOutOfSpace = true
                return writer
            }
        }
        order.withLock { openNextGroup() }
        if let group = openGroup { try writer.begin(group.segment) }
        order.withLock { begunNumber = writer.end.segmentNumber }
        return writer
    }

    /// Makes spares of files of the right size and removes the others. Before the threads start.
    ///
    /// Segments lose their numbers from the lowest on, each durably before the next, as while the store runs.
    private func adopt(_ paths: [String]) throws(EnvironmentError) {
        let numbered = paths.filter(isNumbered).sorted()
        for path in numbered {
            try adopt(path, avoiding: paths)
            try disk.syncDirectory(directory)
        }
        for path in paths where !isNumbered(path) { try adopt(path, avoiding: paths) }
    }

    private func isNumbered(_ path: String) -> Bool {
        SegmentName.number(of: String(path.dropFirst(directory.utf8.count + 1))) != nil
    }

    private func adopt(_ path: String, avoiding paths: [String]) throws(EnvironmentError) {
        let file = try disk.open(path, creating: false)
        guard spares.count < limits.sparesMax, try file.size() == limits.segmentBytes else {
            file.close()
            return try disk.remove(path)
        }
        // Under a name that no spare has had: names that are found are not in order.
        let spare = order.withLock { nextSparePath(avoiding: paths) }
        try disk.rename(path, to: spare)
        file.wasRenamed(to: spare)
        spares.append(try Segment(file: file, bytes: limits.segmentBytes))
    }
}
