internal import Glibc
package import RetainedStore

/// A store's files as bytes.
package struct StoreImage: Sendable {
    static let headerName = "latch.store"
    static let keyringName = "keyring"
    static let indexName = "index/data.mdb"
    static let anchorName = "keyring.anchor"
    private static let journalPrefix = "journal/"
    /// Files that are replaced by others, and what the others are called before they are complete.
    private static let replacedNames = [keyringName, anchorName].flatMap { [$0, $0 + ".new"] }
    /// What not every store has.
    private static let optionalNames = replacedNames + ["backup"]

    /// Whether what is done to a file goes to the operating system, and comes to a simulated disk by being watched.
    static func isWatched(_ name: String) -> Bool {
        name == indexName || replacedNames.contains(name)
    }

    /// By name within the store's directory.
    package var files: [String: [UInt8]]

    init(files: [String: [UInt8]]) {
        self.files = files
    }

    /// Reads the store in a directory, which nobody has open.
    package init(directory: String) throws(EnvironmentError) {
        let disk = PosixDisk()
        let journalNames = try disk.names(in: directory + "/" + Self.journalPrefix).map { Self.journalPrefix + $0 }
        let ownNames = try disk.names(in: directory).filter { $0 == Self.headerName || Self.optionalNames.contains($0) }
        files = [:]
        for name in ownNames + [Self.indexName] + journalNames {
            let file = try disk.open(directory + "/" + name, creating: false)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: try file.size(), alignment: 8)
            defer { buffer.deallocate() }
            files[name] = Array(buffer.prefix(try file.read(into: buffer, at: 0)))
        }
    }

    /// Makes a directory hold the store: all of it, or all but the journal, which a simulated disk keeps.
    package func write(to directory: String, includingJournal: Bool = false) throws(EnvironmentError) {
        let disk = PosixDisk()
        for part in ["", "/journal", "/index"] { mkdir(directory + part, 0o700) }
        for name in try disk.names(in: directory + "/journal") { try disk.remove(directory + "/journal/" + name) }
        // Those of the image before.
        for name in Self.optionalNames { unlink(directory + "/" + name) }
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
