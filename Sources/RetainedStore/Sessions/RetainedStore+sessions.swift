internal import Synchronization

extension RetainedStore {
    /// Lets the store keep records of sessions from now on: a version of this program that knows nothing of them will
    /// refuse to open it, by name.
    ///
    /// Writes and syncs the header the first time in a store's life, which takes milliseconds; nothing afterwards.
    ///
    /// - Throws: `header`, `damaged` or `environment` if the header could not be read or written; nothing has changed then.
    public func keepSessions() throws(StoreError) {
        if hasSessions.load(ordering: .acquiring) { return }
        let path = options.location.headerPath
        do throws(StoreHeaderError) {
            let lock = try StoreHeaderError.mapping { () throws(EnvironmentError) in try HeaderLock(options.location) }
            defer { withExtendedLifetime(lock) {} }
            var header = try StoreHeader.read(from: path)
            try header.check(keys, path: path)
            if !header.hasSessions {
                header.hasSessions = true
                try StoreHeaderError.mapping { () throws(EnvironmentError) in try header.write(to: path, keys: keys) }
            }
        } catch {
            throw StoreError(error, directory: options.location.directory)
        }
        hasSessions.store(true, ordering: .releasing)
    }

    /// A name for a new session: random, so that nobody who reads the disk can tell two sessions of one client.
    public static func newSession() throws(StoreError) -> UInt128 {
        try StoreError.whileReading { () throws(EnvironmentError) in try SecureRandom.identifier() }
    }
}
