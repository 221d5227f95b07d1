/// What the master key gives access to.
struct OpenedStore {
    var header: StoreHeader
    var keys: DerivedKeys
    var keyring: Keyring
    /// What says that this is a copy that was never opened; nil for a store.
    var backup: BackupMarker?

    init(header: StoreHeader, keys: DerivedKeys, keyring: Keyring, backup: BackupMarker?) {
        self.header = header
        self.keys = keys
        self.keyring = keyring
        self.backup = backup
    }

    /// Reads the header, the keyring and a backup's marker.
    ///
    /// - Throws: `unfinishedBackup` among others.
    init(
        _ location: StoreLocation,
        _ masterKey: MasterKey,
        access: Keyring.Access = .readWrite
    ) throws(StoreError) {
        let rootKey: RootKey
        do throws(StoreHeaderError) {
            header = try StoreHeader.read(from: location.headerPath)
            (rootKey, keys) = try header.open(with: masterKey, path: location.headerPath)
        } catch {
            throw StoreError(error, directory: location.directory)
        }
        do throws(KeyringError) {
            keyring = try Keyring.open(
                path: location.keyringPath,
                setID: header.setID,
                rootKey: rootKey,
                access: access
            )
        } catch {
            throw StoreError(error)
        }
        backup = try BackupMarker.read(from: location.directory, keys: keys)
        if let backup, !backup.isWhole { throw .unfinishedBackup(directory: location.directory) }
    }

    /// Whose journal it is.
    var journalIdentity: JournalIdentity {
        JournalIdentity(setID: header.setID, timeline: header.timeline, key: keys.journal)
    }
}
