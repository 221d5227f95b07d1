internal import RetainedStore

/// A journal's file on a `SimulatedDisk`.
final class SimulatedFile: JournalFile, @unchecked Sendable {
    // As with a file of the operating system's: who uses it, and when its name may change, is the journal's contract.

    private let disk: SimulatedDisk
    let number: DiskState.FileNumber
    private(set) var path: String
    /// The page cache: what readers see, also through `map`.
    private var memory: UnsafeMutableRawBufferPointer

    init(_ disk: SimulatedDisk, number: DiskState.FileNumber, path: String, bytes: [UInt8]) {
        self.disk = disk
        self.number = number
        self.path = path
        memory = .allocate(byteCount: bytes.count, alignment: 4_096)
        memory.copyBytes(from: bytes)
    }

    deinit {
        memory.deallocate()
    }

    func wasRenamed(to path: String) {
        self.path = path
    }

    func size() throws(EnvironmentError) -> Int {
        try disk.perform("fstat", path)
        return memory.count
    }

    func allocate(bytes: Int) throws(EnvironmentError) {
        try disk.allocate(number, bytes: bytes, path: path)
        memory.deallocate()
        memory = .allocate(byteCount: bytes, alignment: 4_096)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(EnvironmentError) {
        precondition(offset + bytes.count <= memory.count, "a journal writes within what it has allocated")
        try disk.write(number, bytes, at: offset, path: path)
        UnsafeMutableRawBufferPointer(rebasing: memory[offset...]).copyMemory(from: bytes)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvironmentError) -> Int {
        try disk.perform("pread", path)
        let count = max(0, min(buffer.count, memory.count - offset))
        if count > 0 { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[offset..<offset + count])) }
        return count
    }

    func sync() throws(EnvironmentError) {
        try disk.sync(number, path: path)
    }

    func map(bytes: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer {
        try disk.perform("mmap", path)
        precondition(bytes <= memory.count, "a mapping ends with its file")
        return UnsafeRawBufferPointer(rebasing: memory[..<bytes])
    }

    func close() {
        // The memory stays until nobody has the file: a mapping of it may be in use as long.
    }
}
