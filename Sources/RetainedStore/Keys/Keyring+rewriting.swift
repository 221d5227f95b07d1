internal import Glibc
internal import Synchronization

extension Keyring {
    /// Gives every scope a key of the next generation, for what is sealed from now on; pending until the next `sync`.
    ///
    /// With the order lock held.
    ///
    /// - Returns: The generation.
    func beginGeneration() throws(EnvironmentError) -> UInt32 {
        let generation = try keys.withLock { keys throws(EnvironmentError) in
            try keys.beginGeneration()
            return keys.generation
        }
        advanceRevision()
        return generation
    }

    /// Gives a bucket another key of the same generation, for what is sealed from now on. With the order lock held.
    ///
    /// - Returns: The keys that it had before.
    func replaceKey(ofBucket bucket: Int) throws(EnvironmentError) -> [DataKey] {
        let previous = try keys.withLock { keys throws(EnvironmentError) in
            let previous = keys.keys(of: .bucket(bucket))
            _ = try keys.make(.bucket(bucket))
            return previous
        }
        advanceRevision()
        return previous
    }

    /// Destroys keys in memory for the sake of a namespace; the file follows with ``rewrite(observer:)``. With the order lock held.
    func shred(_ shredded: [DataKey], namespace: NamespaceToken, lastLSN: UInt64) {
        keys.withLock { $0.shred(shredded, namespace: namespace, lastLSN: lastLSN) }
        advanceRevision()
    }

    /// Takes back what ``shred(_:namespace:lastLSN:)`` did in memory, for a file that could not be written.
    func restore(_ before: KeyringKeys) {
        keys.withLock { keys in keys = before }
        advanceRevision()
    }

    /// Puts a new file in the old one's place, with the keys that there are now, under a new keyring key: what the old
    /// file's bytes and its key open, they open no more than before, and nothing that was destroyed is in the new one.
    ///
    /// A crash leaves the old file or the new one (CrashModel.md, "While a namespace is shredded"). The old one is
    /// overwritten when the new one is certain to stay, unless another name still leads to it.
    ///
    /// - Throws: What the machine refuses. Where nobody knows which of the two files the disk has, ``sync()`` fails from
    ///   then on, as ``hasFailed`` says.
    func rewrite(observer: (RewriteMoment) -> Void = { _ in }) throws(EnvironmentError) {
        try file.withLock { file throws(EnvironmentError) in
            if let failure = file.failure { throw failure }
            precondition(file.descriptor >= 0, "a keyring that was opened for reading only is not rewritten")
            let (items, pending) = keys.withLock { ($0.items, $0.pending) }
            let (header, headerBytes) = try KeyringHeader.create(setID: file.header.setID, rootKey: file.header.rootKey)
            let entries = try Self.entries(items, sequence: 1, header: header)
            defer { entries.deallocate() }
            let bytes = headerBytes + Array(entries)
            let descriptor = try KeyFile.create(path + ".new", with: bytes)
            // Keys may have been made meanwhile on the strength of the old file's room.
            let reserved = max(reservedCount.load(ordering: .acquiring), items.count)
            do throws(EnvironmentError) {
                try file.reserve(descriptor, KeyringHeader.bytes + reserved * KeyringEntry.bytes, path)
            } catch {
                close(descriptor)
                unlink(path + ".new")
                throw error
            }
            reservedCount.store(reserved, ordering: .releasing)
            observer(.newFileWritten)
            guard rename(path + ".new", path) == 0 else {
                let code = errno
                close(descriptor)
                unlink(path + ".new")
                throw .system(call: "rename", path: path, errno: code)
            }
            observer(.newFileNamed)
            let old = file.descriptor
            file.header = header
            file.descriptor = descriptor
            file.nextSequence = UInt64(items.count) + 1
            keys.withLock { $0.noteSynced(pending) }
            defer { close(old) }
            do throws(EnvironmentError) {
                try KeyFile.syncDirectory(of: path)
            } catch {
                file.failure = error
                throw error
            }
            KeyFile.overwrite(old)
            observer(.oldFileOverwritten)
        }
    }

    /// The moments of a rewriting between which a crash leaves something different.
    enum RewriteMoment: CaseIterable, Sendable {
        /// The new file is on the disk, under its own name.
        case newFileWritten
        /// It has the old one's name, which may not be on the disk yet.
        case newFileNamed
        /// It stays, and the old one's bytes are gone as far as the file system overwrites in place.
        case oldFileOverwritten
    }

    /// The file's bytes, between two changes of it.
    func fileBytes() throws(EnvironmentError) -> [UInt8] {
        try file.withLock { _ throws(EnvironmentError) in
            try KeyFile.read(path, bytesMax: KeyLimits.keyringBytesMax) ?? []
        }
    }

    /// Whether nobody knows what the file holds.
    var hasFailed: Bool { file.withLock { $0.failure != nil } }

    /// The random id that the file has had since it was last written anew.
    var keyringID: UInt128 { file.withLock { $0.header.keyringID } }
}
