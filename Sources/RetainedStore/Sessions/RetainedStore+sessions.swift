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
        try state { $0.hasSessions = true }
        hasSessions.store(true, ordering: .releasing)
    }

    /// Lets the store keep records of wills, too, from now on: a version of this program that knows sessions and no wills
    /// will refuse to open it, by name.
    ///
    /// As ``keepSessions()``, which it includes.
    ///
    /// - Throws: `header`, `damaged` or `environment` if the header could not be read or written; nothing has changed then.
    public func keepWills() throws(StoreError) {
        if hasWills.load(ordering: .acquiring) { return }
        try state {
            $0.hasSessions = true
            $0.hasWills = true
        }
        hasSessions.store(true, ordering: .releasing)
        hasWills.store(true, ordering: .releasing)
    }

    /// Has the header say what there may be in the store, before there is any of it.
    private func state(_ features: (inout StoreHeader) -> Void) throws(StoreError) {
        let path = options.location.headerPath
        do throws(StoreHeaderError) {
            let lock = try StoreHeaderError.mapping { () throws(EnvironmentError) in try HeaderLock(options.location) }
            defer { withExtendedLifetime(lock) {} }
            let header = try StoreHeader.read(from: path)
            try header.check(keys, path: path)
            var stated = header
            features(&stated)
            if stated != header {
                try StoreHeaderError.mapping { () throws(EnvironmentError) in try stated.write(to: path, keys: keys) }
            }
        } catch {
            throw StoreError(error, directory: options.location.directory)
        }
    }

    /// A name for a new session: random, so that nobody who reads the disk can tell two sessions of one client.
    public static func newSession() throws(StoreError) -> UInt128 {
        try StoreError.whileReading { () throws(EnvironmentError) in try SecureRandom.identifier() }
    }
}
