internal import Glibc
package import RetainedStore

/// A store's files as bytes.
package struct StoreImage: Sendable {
    static let headerName = "latch.store"
    static let keyringName = "keyring"
    static let indexName = "index/data.mdb"
    private static let journalPrefix = "journal/"

    /// By name within the store's directory.
    package var files: [String: [UInt8]]

    init(files: [String: [UInt8]]) {
        self.files = files
    }

    /// Reads the store in a directory, which nobody has open.
    package init(directory: String) throws(EnvironmentError) {
        let disk = PosixDisk()
        let names = try disk.names(in: directory + "/" + Self.journalPrefix).map { Self.journalPrefix + $0 }
        files = [:]
        for name in [Self.headerName, Self.keyringName, Self.indexName] + names {
            let file = try disk.open(directory + "/" + name, creating: false)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: try file.size(), alignment: 8)
            defer { buffer.deallocate() }
            files[name] = Array(buffer.prefix(try file.read(into: buffer, at: 0)))
        }
    }

    /// The journal's files by their names in the directory `journal`.
    var journal: [String: [UInt8]] {
        Dictionary(
            uniqueKeysWithValues: files.filter { $0.key.hasPrefix(Self.journalPrefix) }
                .map { (String($0.key.dropFirst(Self.journalPrefix.count)), $0.value) }
        )
    }

    /// Makes a directory hold the store: all of it, or all but the journal, which a simulated disk keeps.
    package func write(to directory: String, includingJournal: Bool = false) throws(EnvironmentError) {
        let disk = PosixDisk()
        for part in ["", "/journal", "/index"] { mkdir(directory + part, 0o700) }
        for name in try disk.names(in: directory + "/journal") { try disk.remove(directory + "/journal/" + name) }
        // That of the image before: an image has none, and a store that has none opens.
        unlink(directory + "/" + Self.keyringName + ".anchor")
        for (name, bytes) in files where includingJournal || !name.hasPrefix(Self.journalPrefix) {
            let path = directory + "/" + name
            // A new file, so that nothing is left of a longer one.
            unlink(path)
            let file = try disk.open(path, creating: true)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
            defer { buffer.deallocate() }
            buffer.copyBytes(from: bytes)
            try file.write(UnsafeRawBufferPointer(buffer), at: 0)
        }
    }
}
