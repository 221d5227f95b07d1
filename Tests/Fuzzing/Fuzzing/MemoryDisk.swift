@testable import RetainedStore

/// A directory of files in memory, for reading.
struct MemoryDisk: JournalDisk {
    let directory: String
    let files: [MemoryFile]

    func names(in directory: String) throws(EnvironmentError) -> [String] { files.map(\.path) }

    func open(_ path: String, creating: Bool) throws(EnvironmentError) -> any JournalFile {
        guard let file = files.first(where: { directory + "/" + $0.path == path }) else {
            preconditionFailure("\(path) is not in the directory")
        }
        return file
    }

    func rename(_ path: String, to newPath: String) throws(EnvironmentError) { preconditionFailure("it is read only") }

    func remove(_ path: String) throws(EnvironmentError) { preconditionFailure("it is read only") }

    func syncDirectory(_ path: String) throws(EnvironmentError) { preconditionFailure("it is read only") }
}
