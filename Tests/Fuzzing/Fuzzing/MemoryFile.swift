@testable import RetainedStore

/// A file of the journal in memory, for reading.
final class MemoryFile: JournalFile {
    let path = "segment"
    // Filled by its maker, and read only from then on.
    nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer

    init(count: Int) {
        memory = .allocate(byteCount: count, alignment: 4_096)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        memory.deallocate()
    }

    func wasRenamed(to path: String) {}

    func size() throws(EnvironmentError) -> Int { memory.count }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvironmentError) -> Int {
        let count = max(0, min(buffer.count, memory.count - offset))
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[offset..<offset + count]))
        return count
    }

    func map(bytes: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }

    func allocate(bytes: Int) throws(EnvironmentError) { preconditionFailure("it is read only") }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(EnvironmentError) {
        preconditionFailure("it is read only")
    }

    func sync() throws(EnvironmentError) {}

    func close() {}
}
