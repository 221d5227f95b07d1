extension RetainedStore {
    /// Takes a store at its word that was put back to an earlier state, as a restored snapshot of its disk is: forgets the
    /// anchor beside the keyring, which says that there was a later one.
    ///
    /// - Throws: What opening the header throws, a wrong key among others; `busy`.
    public static func acceptEarlierState(at location: StoreLocation, _ masterKey: MasterKey) throws(StoreError) {
        guard exists(at: location) else { throw .missing(directory: location.directory) }
        let lock = try DirectoryLock(location)
        defer { lock.release() }
        _ = try OpenedStore(location, masterKey, access: .readOnly)
        guard exists(path: location.anchorPath) else { return }
        try StoreError.whileReading { () throws(EnvironmentError) in
            try PosixDisk().remove(location.anchorPath)
            try KeyFile.syncDirectory(of: location.anchorPath)
        }
    }
}
