internal import Synchronization

/// A disk that keeps what was not synced in the memory of this process, so that killing the process does to the journal
/// what a power cut may do at worst: every write, every new name and every removal since the last sync is gone.
///
/// Readers see what was written, as from the page cache. What was synced is in the files, synced, before `sync` returns;
/// so a run on this disk promises as much as one on the operating system's and takes at least as long. The index and the
/// keyring are not held back: the one is written only from what the journal has synced, the other synced before the
/// journal uses it, so neither can hold a message that the journal has lost.
///
/// A power cut may also leave some of the unsynced sectors, torn or out of order. That is what tests with a simulated
/// disk are for; this is for measuring the most that is lost.
final class PowerCutDisk: JournalDisk {
    /// A change of a directory that is not on the disk yet.
    private enum Change {
        case rename(String, to: String)
        case remove(String)
    }

    private let disk = PosixDisk()
    private let pending = Mutex<[Change]>([])

    func open(_ path: String, creating: Bool) throws(EnvironmentError) -> any JournalFile {
        // A name that is to be free by now may still be taken.
        if creating { try apply() }
        return PowerCutFile(try disk.openFile(path, creating: creating))
    }

    func names(in directory: String) throws(EnvironmentError) -> [String] {
        try apply()
        return try disk.names(in: directory)
    }

    func rename(_ path: String, to newPath: String) throws(EnvironmentError) {
        pending.withLock { $0.append(.rename(path, to: newPath)) }
    }

    func remove(_ path: String) throws(EnvironmentError) {
        pending.withLock { $0.append(.remove(path)) }
    }

    func syncDirectory(_ path: String) throws(EnvironmentError) {
        try apply()
        try disk.syncDirectory(path)
    }

    private func apply() throws(EnvironmentError) {
        try pending.withLock { changes throws(EnvironmentError) in
            for change in changes {
                switch change {
                case .rename(let path, let newPath): try disk.rename(path, to: newPath)
                case .remove(let path): try disk.remove(path)
                }
            }
            changes.removeAll()
        }
    }
}
