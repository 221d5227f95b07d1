internal import Glibc

extension RetainedStore {
    /// Whether there is a store at a place, whatever its condition.
    public static func exists(at location: StoreLocation) -> Bool {
        exists(path: location.headerPath)
    }

    /// Whether there is a file or a directory at a path.
    static func exists(path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Creates a store and opens it. Losing the master key or the keyring loses what is in it.
    ///
    /// The header comes last, and is what makes a directory a store: a creation that was interrupted is begun anew.
    ///
    /// - Throws: `exists`; `busy`; `unfinishedBackup`; `damaged` if there is a journal or an index without its header; `keyring`;
    ///   `environment`.
    public static func create(_ options: StoreOptions, masterKey: MasterKey) throws(StoreError) -> RetainedStore {
        let location = options.location
        if exists(at: location) { throw .exists(directory: location.directory) }
        try StoreError.whileReading { () throws(EnvironmentError) in try makeDirectories(location.directory) }
        let lock = try DirectoryLock(location)
        try checkIsEmpty(location)
        let (header, rootKey) = try StoreError.whileReading { () throws(EnvironmentError) in
            try StoreHeader.create(masterKey: masterKey)
        }
        let keys = try StoreError.whileReading { () throws(EnvironmentError) in
            try DerivedKeys(rootKey: rootKey, setID: header.setID)
        }
        do throws(KeyringError) {
            _ = try Keyring.create(path: location.keyringPath, setID: header.setID, rootKey: rootKey)
        } catch {
            throw StoreError(error)
        }
        try StoreError.whileReading { () throws(EnvironmentError) in
            try makeDirectory(location.journalPath)
            try makeDirectory(location.indexPath)
        }
        try createIndex(options, header, keys)
        try StoreError.whileReading { () throws(EnvironmentError) in
            let disk = PosixDisk()
            try disk.syncDirectory(location.journalPath)
            try disk.syncDirectory(location.indexPath)
            try disk.syncDirectory(location.directory)
            try header.write(to: location.headerPath, keys: keys)
        }
        lock.release()
        return try open(options, masterKey: masterKey)
    }

    /// Writes the first state, and takes away what an interrupted creation left.
    private static func createIndex(
        _ options: StoreOptions,
        _ header: StoreHeader,
        _ keys: DerivedKeys
    ) throws(StoreError) {
        let path = options.location.indexPath
        do throws(IndexError) {
            let index = try IndexEnvironment(path: path, limits: options.limits)
            let state = IndexState(timeline: header.timeline)
            let writer = try IndexWriter(index, state: state, versionMax: 0, auditKey: keys.audit)
            // Nothing in it expires, which is worth knowing when it has grown.
            try ExpiryNote().put(writer)
            _ = try writer.commit(appliedLSN: nil, setID: header.setID, stateKey: keys.state)
            try index.sync()
        } catch {
            throw error.storeError(path: path)
        }
    }

    /// Refuses to make a store of a directory that has lost its header: what is in it may still be wanted.
    private static func checkIsEmpty(_ location: StoreLocation) throws(StoreError) {
        if exists(path: location.directory + "/" + BackupMarker.name) {
            throw .unfinishedBackup(directory: location.directory)
        }
        guard exists(path: location.journalPath) else { return }
        let names = try StoreError.whileReading { () throws(EnvironmentError) in
            try PosixDisk().names(in: location.journalPath)
        }
        if let name = names.first(where: { SegmentName.number(of: $0) != nil }) {
            throw .damaged(location.headerPath, at: 0, "header", expected: "one, as there is \(name)", found: "no file")
        }
    }

    /// Creates a directory (mode 0700) and those above it that are missing.
    static func makeDirectories(_ path: String) throws(EnvironmentError) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: true)
        var missing: [Substring] = []
        let root = path.hasPrefix("/") ? "/" : ""
        while !parts.isEmpty, access(root + parts.joined(separator: "/"), F_OK) != 0 {
            missing.append(parts.removeLast())
        }
        while let part = missing.popLast() {
            parts.append(part)
            try makeDirectory(root + parts.joined(separator: "/"))
        }
    }

    static func makeDirectory(_ path: String) throws(EnvironmentError) {
        guard mkdir(path, 0o700) != 0 else { return }
        if errno != EEXIST { throw .system("mkdir", path) }
    }
}
