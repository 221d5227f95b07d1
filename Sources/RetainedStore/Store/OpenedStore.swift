/// What the master key gives access to.
struct OpenedStore {
    var header: StoreHeader
    var keys: DerivedKeys
    var keyring: Keyring

    /// Reads the header and the keyring.
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
    }

    /// Whose journal it is.
    var journalIdentity: JournalIdentity {
        JournalIdentity(setID: header.setID, timeline: header.timeline, key: keys.journal)
    }
}
