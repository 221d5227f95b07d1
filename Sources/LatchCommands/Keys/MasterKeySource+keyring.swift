import Glibc

extension MasterKeySource {
    /// Where the keyring of a store under this key lies, if nobody says otherwise; `nil` for inside the store.
    ///
    /// Beside the key where that is a lasting file, so that no copy of the store contains it; else in the store.
    ///
    /// - Parameters:
    ///   - directory: The store's directory, or where it will be; the one that it lies in exists.
    ///   - isNew: Whether the store is about to be created, and with it the keyring.
    func keyringPath(of directory: String, isNew: Bool) -> String? {
        guard case .file(let key) = self else { return nil }
        let beside = Directory.parent(of: key)
        let path = "\(beside)/\(Self.keyringName(of: directory))"
        if isNew { return access(beside, W_OK) == 0 ? path : nil }
        return Directory.exists(path) ? path : nil
    }

    /// A name by which a person finds the store that a keyring belongs to: its absolute path with hyphens for slashes.
    static func keyringName(of directory: String) -> String {
        let path = Directory.absolute(directory)
        return path.split(separator: "/").joined(separator: "-") + ".keyring"
    }
}
