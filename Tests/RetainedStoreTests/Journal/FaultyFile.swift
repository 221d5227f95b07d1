@testable import RetainedStore

/// A file of a `FaultyDisk`.
final class FaultyFile: JournalFile {
    private let file: any JournalFile
    private let disk: FaultyDisk

    init(_ file: any JournalFile, disk: FaultyDisk) {
        self.file = file
        self.disk = disk
    }

    var path: String { file.path }

    func wasRenamed(to path: String) {
        file.wasRenamed(to: path)
    }

    func size() throws(EnvironmentError) -> Int {
        try file.size()
    }

    func allocate(bytes: Int) throws(EnvironmentError) {
        try disk.perform(.allocate, path)
        try file.allocate(bytes: bytes)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(EnvironmentError) {
        try disk.perform(.write, path)
        try file.write(bytes, at: offset)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvironmentError) -> Int {
        try file.read(into: buffer, at: offset)
    }

    func sync() throws(EnvironmentError) {
        try disk.perform(.sync, path)
        try file.sync()
    }

    func map(bytes: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer {
        try file.map(bytes: bytes)
    }

    func close() {
        file.close()
    }
}
