@testable import RetainedStore

/// A file of a ``ForgetfulDisk``.
final class ForgetfulFile: JournalFile {
    let path = "nowhere"

    func wasRenamed(to path: String) {}
    func size() throws(EnvironmentError) -> Int { 0 }
    func allocate(bytes: Int) throws(EnvironmentError) {}
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(EnvironmentError) {}
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvironmentError) -> Int { 0 }
    func sync() throws(EnvironmentError) {}
    func map(bytes: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: nil, count: 0)
    }
    func close() {}
}
