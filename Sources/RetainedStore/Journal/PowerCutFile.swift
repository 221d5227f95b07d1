internal import Glibc

/// A file of a `PowerCutDisk`: what is written goes into a private mapping, and into the file only when it is synced.
final class PowerCutFile: JournalFile, @unchecked Sendable {
    // As with `PosixFile`: written, synced and renamed by one thread at a time; readers look into the mapping.
    private static let pageBytes = 4_096

    private let file: PosixFile
    private var memory: UnsafeMutableRawBufferPointer?
    /// What was written since the last sync, in order; neighbours are joined.
    private var unsynced: [Range<Int>] = []

    init(_ file: PosixFile) {
        self.file = file
    }

    var path: String { file.path }

    func wasRenamed(to path: String) {
        file.wasRenamed(to: path)
    }

    func size() throws(EnvironmentError) -> Int {
        try file.size()
    }

    /// Synced by its own account, so there is nothing to hold back.
    func allocate(bytes: Int) throws(EnvironmentError) {
        try file.allocate(bytes: bytes)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(EnvironmentError) {
        let memory = try mapped()
        let range = offset..<(offset + bytes.count)
        precondition(range.upperBound <= memory.count, "a segment is written within its allocated size")
        UnsafeMutableRawBufferPointer(rebasing: memory[range]).copyMemory(from: bytes)
        if let last = unsynced.last, last.upperBound == range.lowerBound {
            unsynced[unsynced.count - 1] = last.lowerBound..<range.upperBound
        } else {
            unsynced.append(range)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvironmentError) -> Int {
        guard let memory else { return try file.read(into: buffer, at: offset) }
        let count = max(0, min(buffer.count, memory.count - offset))
        if count > 0 {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[offset..<(offset + count)]))
        }
        return count
    }

    func sync() throws(EnvironmentError) {
        guard let memory else { return try file.sync() }
        for range in unsynced {
            try file.write(UnsafeRawBufferPointer(rebasing: memory[range]), at: range.lowerBound)
        }
        try file.sync()
        // The file now says the same as the private pages: given back, they are read from the file (madvise(2)).
        for range in unsynced {
            let start = range.lowerBound / Self.pageBytes * Self.pageBytes
            madvise(memory.baseAddress.map { $0 + start }, range.upperBound - start, MADV_DONTNEED)
        }
        unsynced.removeAll(keepingCapacity: true)
    }

    func map(bytes: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer {
        let memory = try mapped()
        return UnsafeRawBufferPointer(rebasing: memory[..<bytes])
    }

    func close() {
        memory = nil
        file.close()
    }

    /// The whole file, mapped when it is first needed.
    private func mapped() throws(EnvironmentError) -> UnsafeMutableRawBufferPointer {
        if let memory { return memory }
        let mapping = try file.mapPrivately(bytes: try file.size())
        memory = mapping
        return mapping
    }
}
