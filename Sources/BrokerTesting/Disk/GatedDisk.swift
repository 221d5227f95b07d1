import RetainedStore

/// The operating system's file system, whose syncs of files wait at a gate.
struct GatedDisk: JournalDisk {
    let gate: SyncGate
    private let disk = PosixDisk()

    init(_ gate: SyncGate) {
        self.gate = gate
    }

    func open(_ path: String, creating: Bool) throws(EnvironmentError) -> any JournalFile {
        GatedFile(try disk.open(path, creating: creating), gate)
    }

    func names(in directory: String) throws(EnvironmentError) -> [String] { try disk.names(in: directory) }

    func rename(_ path: String, to newPath: String) throws(EnvironmentError) { try disk.rename(path, to: newPath) }

    func remove(_ path: String) throws(EnvironmentError) { try disk.remove(path) }

    func syncDirectory(_ path: String) throws(EnvironmentError) { try disk.syncDirectory(path) }
}
