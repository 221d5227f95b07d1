/// Where a store lies.
public struct StoreLocation: Hashable, Sendable {
    /// The store's directory; created with mode 0700 when the store is.
    public var directory: String
    /// The keyring's path, or nil for `keyring` inside the directory.
    ///
    /// Beside the master key it stays out of every copy of the store, so that a shred reaches every backup (design,
    /// Keys).
    public var keyring: String?

    public init(directory: String, keyring: String? = nil) {
        self.directory = directory
        self.keyring = keyring
    }

    /// Where the keyring is, whichever was chosen.
    public var keyringPath: String { keyring ?? directory + "/keyring" }

    var anchorPath: String { keyringPath + ".anchor" }
    var journalPath: String { directory + "/journal" }
    var indexPath: String { directory + "/index" }
    var lockPath: String { directory + "/lock" }
    var headerPath: String { directory + "/latch.store" }
}
