/// The directory operations of a journal; see `JournalFile`.
package protocol JournalDisk: Sendable {
    /// Opens a file for reading and writing, creating it (mode 0600) where asked to and absent.
    func open(_ path: String, creating: Bool) throws(EnvironmentError) -> any JournalFile

    /// The names in a directory, in no order.
    func names(in directory: String) throws(EnvironmentError) -> [String]

    /// Renames a file, replacing what had the new name.
    func rename(_ path: String, to newPath: String) throws(EnvironmentError)

    /// Removes a file.
    func remove(_ path: String) throws(EnvironmentError)

    /// Returns when names created, changed and removed in the directory are on the disk.
    func syncDirectory(_ path: String) throws(EnvironmentError)
}
