internal import Glibc
internal import Synchronization

extension RetainedStore {
    /// The key in `meta` under which stands how many of the destroyed keys' records have been removed (8 bytes).
    static let sweptMetaKey = "swept"

    /// Destroys the data keys of a namespace, and with them its messages: in the index, in the journal, and, where the
    /// keyring is kept apart from the store, in every earlier copy of the store.
    ///
    /// When this returns, nothing that the store's files hold opens a message of the namespace that was ordered before
    /// it was called; messages that are published meanwhile may survive, those that follow are sealed under a new key.
    /// Blocks for as long as removing the records takes.
    ///
    /// - Parameters:
    ///   - namespace: A first topic level, as `alice` in `alice/door`.
    ///   - observer: Called at the moments between which a crash leaves something different.
    /// - Throws: `failed`, `closed`; `full` if no space is left for removing records whose keys are destroyed already;
    ///   `environment` if the keyring could not be written: then nothing was destroyed.
    public func shred(namespace: String) throws(StoreError) -> ShredReport {
        try shred(namespace: namespace) { _ in }
    }

    func shred(
        namespace: String,
        observer: (Keyring.RewriteMoment) -> Void
    ) throws(StoreError) -> ShredReport {
        let token = try self.token(ofNamespace: namespace)
        return try maintenance.withLock { () throws(StoreError) in
            // So that removing finds the records in one place. A full disk must not keep keys from being destroyed.
            do throws(StoreError) {
                try checkpoint()
            } catch {
                guard case .full = error else { throw error }
            }
            var report = ShredReport(isKeyringApart: options.location.keyring != nil)
            let bucketKeys = try resealNeighbours(of: token, &report)
            let lastLSN = try destroyKeys(of: token, bucketKeys, &report, observer)
            report.lastLSN = lastLSN
            let shredded = keyring.shreddedKeys.filter { $0.namespace == token }
            let pass = try sweep(keyring.shreddedKeys, of: shredded)
            order.withLock { checkpointer.add(pass) }
            try checkpointer.wait(for: pass, self)
            report.removedCount = order.withLock { pass.progress.removedCount }
            try prove(token, &report)
            return report
        }
    }

    /// Destroys the keys of a namespace in a copy of the store that has a keyring of its own, as a backup has where the
    /// keyring lies in the store. Its records stay, and open no more.
    ///
    /// - Parameters:
    ///   - directory: The copy's, which nobody has open.
    ///   - lastLSN: That of the store's own shred.
    /// - Throws: `busy`; `missing`; `notABackup` if it is another store's copy; `keyring` if it has no keyring;
    ///   `environment`.
    public func shred(namespace: String, inCopy directory: String, lastLSN: UInt64) throws(StoreError) {
        let token = try self.token(ofNamespace: namespace)
        let (copy, lock) = try openKeyring(ofCopy: directory)
        defer { lock.release() }
        let all = copy.keys.withLock { $0 }
        let own = all.keys(of: .namespace(token))
        let doomed = own.isEmpty ? all.keys(of: .bucket(KeyringKeys.bucket(of: token))) : own
        copy.shred(doomed, namespace: token, lastLSN: lastLSN)
        try StoreError.whileReading { () throws(EnvironmentError) in try copy.rewrite() }
    }

    /// Whether a copy can be shredded by ``shred(namespace:inCopy:lastLSN:)``, which is asked before the store's own keys
    /// are destroyed.
    ///
    /// - Throws: As that does.
    public func checkCopy(_ directory: String) throws(StoreError) {
        try openKeyring(ofCopy: directory).lock.release()
    }

    private func openKeyring(ofCopy directory: String) throws(StoreError) -> (keyring: Keyring, lock: DirectoryLock) {
        let location = StoreLocation(directory: directory)
        guard Self.exists(at: location) else { throw .missing(directory: directory) }
        let lock = try DirectoryLock(location)
        do throws(StoreError) {
            return (try openKeyring(of: location), lock)
        } catch {
            lock.release()
            throw error
        }
    }

    private func openKeyring(of location: StoreLocation) throws(StoreError) -> Keyring {
        do throws(StoreHeaderError) {
            let header = try StoreHeader.read(from: location.headerPath)
            guard header.setID == setID else { throw StoreHeaderError.notAStore(path: location.headerPath) }
        } catch {
            if case .notAStore = error { throw .notABackup(directory: location.directory) }
            throw StoreError(error, directory: location.directory)
        }
        do throws(KeyringError) {
            return try Keyring.open(
                path: location.keyringPath,
                setID: setID,
                rootKey: keyring.file.withLock { $0.header.rootKey }
            )
        } catch {
            throw StoreError(error)
        }
    }

    /// Tries what is left of the namespace with the keyring that is on the disk now.
    private func prove(_ token: NamespaceToken, _ report: inout ShredReport) throws(StoreError) {
        let written: Keyring
        do throws(KeyringError) {
            written = try Keyring.open(
                path: keyring.path,
                setID: setID,
                rootKey: keyring.file.withLock { $0.header.rootKey },
                access: .readOnly
            )
        } catch {
            throw StoreError(error)
        }
        let lastLSN = report.lastLSN
        let counts = try StoreError.whileReading { () throws(EnvironmentError) in
            var proof = try ShredProof(setID: setID, keyring: written, namespace: token, lastLSN: lastLSN)
            let disk = journal.disk
            for name in try disk.names(in: options.location.journalPath) {
                do throws(EnvironmentError) {
                    let file = try disk.open(options.location.journalPath + "/" + name, creating: false)
                    defer { file.close() }
                    try proof.tryFile(file)
                } catch {
                    // Segments are recycled and renamed meanwhile.
                    guard case .system(_, _, ENOENT) = error else { throw error }
                }
            }
            return (proof.triedCount, proof.openedCount)
        }
        (report.triedCount, report.openedCount) = counts
    }

    /// The token of a first topic level.
    func token(ofNamespace namespace: String) throws(StoreError) -> NamespaceToken {
        precondition(
            !namespace.utf8.contains(UInt8(ascii: "/")) && !namespace.isEmpty && namespace.utf8.count <= 0xFFFF,
            "a namespace is one topic level"
        )
        let blinder = try StoreError.whileReading { () throws(EnvironmentError) in
            try TopicBlinder(indexKey: keys.index)
        }
        let key = UnsafeMutableRawBufferPointer.allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
        defer { key.deallocate() }
        _ = Array(namespace.utf8).withUnsafeBytes { blinder.blind($0, into: key) }
        return BlindTopicKey.namespace(of: UnsafeRawBufferPointer(key))
    }

    /// Removes keys from memory and then from the file; returns the last LSN that was sealed with them.
    private func destroyKeys(
        of token: NamespaceToken,
        _ bucketKeys: [DataKey],
        _ report: inout ShredReport,
        _ observer: (Keyring.RewriteMoment) -> Void
    ) throws(StoreError) -> UInt64 {
        let (before, lastLSN) = try order.withLock { () throws(StoreError) -> (KeyringKeys, UInt64) in
            try journal.checkState()
            let before = keyring.keys.withLock { $0 }
            let doomed = before.keys(of: .namespace(token)) + bucketKeys
            report.keyCount = doomed.count
            keyring.shred(doomed, namespace: token, lastLSN: journal.lastLSN)
            return (before, journal.lastLSN)
        }
        do throws(EnvironmentError) {
            try keyring.rewrite(observer: observer)
        } catch {
            if keyring.hasFailed {
                journal.fail(.failed(error))
                throw .failed(error)
            }
            order.withLock { keyring.restore(before) }
            throw .environment(error)
        }
        keyring.wipeKeysAtHand()
        return lastLSN
    }

    /// Seals anew what shares a bucket key with a namespace; returns the keys that the bucket had.
    private func resealNeighbours(of token: NamespaceToken, _ report: inout ShredReport) throws(StoreError) -> [DataKey]
    {
        let bucket = KeyringKeys.bucket(of: token)
        guard keyring.keys.withLock({ !$0.keys(of: .bucket(bucket)).isEmpty }) else { return [] }
        try StoreError.whileMakingKeys { () throws(EnvironmentError) in try keyring.reserve(1) }
        let (old, lsn) = try order.withLock { () throws(StoreError) -> ([DataKey], UInt64) in
            do throws(EnvironmentError) {
                return (try keyring.replaceKey(ofBucket: bucket), journal.lastLSN)
            } catch {
                throw .environment(error)
            }
        }
        let ids = Set(old.map(\.id))
        let pass: IndexPass
        do throws(EnvironmentError) {
            pass = try IndexPass(self, purpose: .resealNeighbours, afterLSN: lsn, isPaced: false) {
                [keyring] (record, key) throws(EnvironmentError) in
                let namespace = BlindTopicKey.namespace(of: key)
                guard namespace != token, ids.contains(record.dataKeyID), let old = keyring.key(id: record.dataKeyID)
                else { return .keep }
                return .reseal(from: old, to: try keyring.key(forNamespace: namespace))
            }
        } catch {
            throw .environment(error)
        }
        order.withLock { checkpointer.add(pass) }
        try checkpointer.wait(for: pass, self)
        report.neighbourRecordCount = order.withLock { pass.progress.resealedCount }
        report.hadSharedKey = true
        try waitForBatches()
        return old
    }

    /// Returns when every batch of a reader that was under way has ended: it may have seen records as they were before
    /// they were sealed anew.
    private func waitForBatches() throws(StoreError) {
        var waiting = order.withLock { journal.pins }
        let deadline = MonotonicTime.now.advanced(milliseconds: 10_000)
        while !waiting.isEmpty {
            waiting.removeAll { !$0.isHeld }
            guard !waiting.isEmpty else { return }
            // Batches are milliseconds long; what is still under way now is a reader that never rests.
            if MonotonicTime.now > deadline { throw .environment(.system(call: "shred", path: nil, errno: EBUSY)) }
            usleep(200)
        }
    }

    /// A pass that removes the records of destroyed keys from the index.
    ///
    /// - Parameters:
    ///   - shredded: All of them.
    ///   - count: How many of them have no records any more.
    func sweep(_ shredded: [ShreddedKey], from count: Int) throws(StoreError) -> IndexPass {
        try sweep(shredded, of: Array(shredded[count...]))
    }

    private func sweep(_ shredded: [ShreddedKey], of wanted: [ShreddedKey]) throws(StoreError) -> IndexPass {
        let namespaces = Set(wanted.map(\.namespace)).sorted()
        let tokens = namespaces.map { token in withUnsafeBytes(of: token.littleEndian) { Array($0) } }
        let prefixes = [0, 1, SessionKey.classByte].flatMap { (kind: UInt8) in tokens.map { [kind] + $0 } }
        do throws(EnvironmentError) {
            return try IndexPass(
                self,
                purpose: .sweep,
                prefixes: prefixes,
                afterLSN: 0,
                isPaced: false,
                note: { (writer, next) throws(IndexError) in
                    guard next == nil else { return }
                    try withUnsafeBytes(of: UInt64(shredded.count).littleEndian) { bytes throws(IndexError) in
                        try writer.putMeta(Self.sweptMetaKey, bytes)
                    }
                },
                decide: { [keyring] (record, key) in
                    let shredded = keyring.shreddedKey(id: record.dataKeyID)
                    return shredded?.covers(blindKey: key, version: record.version) == true ? .remove : .keep
                }
            )
        } catch {
            throw .environment(error)
        }
    }
}
