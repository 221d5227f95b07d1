import RetainedStore

/// A file of a ``GatedDisk``.
final class GatedFile: JournalFile {
    private let file: any JournalFile
    private let gate: SyncGate

    init(_ file: any JournalFile, _ gate: SyncGate) {
        self.file = file
        self.gate = gate
    }

    var path: String { file.path }

    func wasRenamed(to path: String) { file.wasRenamed(to: path) }

    func size() throws(EnvironmentError) -> Int { try file.size() }

    func allocate(bytes: Int) throws(EnvironmentError) { try file.allocate(bytes: bytes) }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(EnvironmentError) {
        try file.write(bytes, at: offset)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvironmentError) -> Int {
        try file.read(into: buffer, at: offset)
    }

    func sync() throws(EnvironmentError) {
        gate.pass()
        try file.sync()
    }

    func map(bytes: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer { try file.map(bytes: bytes) }

    func close() { file.close() }
}
