@testable import RetainedStore

/// A file of the journal in memory, for reading.
final class MemoryFile: JournalFile {
    let path: String
    // Filled by its maker, and read only from then on.
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    init(path: String, count: Int) {
        self.path = path
        bytes = .allocate(byteCount: count, alignment: 4_096)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        bytes.deallocate()
    }

    func wasRenamed(to path: String) {}

    func size() throws(EnvironmentError) -> Int { bytes.count }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvironmentError) -> Int {
        let count = max(0, min(buffer.count, bytes.count - offset))
        if count > 0 { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])) }
        return count
    }

    func map(bytes count: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }

    func allocate(bytes: Int) throws(EnvironmentError) { preconditionFailure("it is read only") }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(EnvironmentError) {
        preconditionFailure("it is read only")
    }

    func sync() throws(EnvironmentError) {}

    func close() {}
}
