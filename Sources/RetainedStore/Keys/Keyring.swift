internal import Glibc
internal import Synchronization

/// The data keys of a store, in memory and in their file.
///
/// Any thread may ask for a key. A namespace's first message makes a new key, in memory only: it is *pending* until
/// ``sync()`` has put it into the file, and the journal thread calls that before it writes a group. So no record on disk
/// needs a key that the disk does not have, and the keys of many namespaces share one sync.
///
/// ### Invariants
/// - A key that was handed out keeps its id, and its entry is appended exactly once.
/// - After a failed write or sync every later ``sync()`` fails with the same error: nobody knows what the file holds.
final class Keyring: Sendable {
    /// Where the file is.
    let path: String
    /// Bytes of a torn append that opening found, and cut off unless it was for reading only.
    let tornBytes: Int

    private let header: KeyringHeader
    private let keys: Mutex<Keys>
    private let file: Mutex<File>

    private struct Keys {
        var byID: [DataKeyID: DataKey] = [:]
        /// Each scope's newest generation.
        var current: [DataKeyScope: DataKey] = [:]
        var namespacesCount = 0
        var pending: [DataKey] = []

        mutating func insert(_ key: DataKey) {
            byID[key.id] = key
            let previous = current[key.scope]
            if let previous, previous.generation >= key.generation { return }
            if previous == nil, case .namespace = key.scope { namespacesCount += 1 }
            current[key.scope] = key
        }
    }

    private struct File {
        /// -1 in a keyring that was opened for reading only.
        var descriptor: Int32
        var nextSequence: UInt64
        var failure: EnvironmentError?
    }

    /// - Parameter descriptor: The open file, which becomes this object's; -1 for reading only.
    init(path: String, header: KeyringHeader, contents: KeyringContents, descriptor: Int32) {
        var keys = Keys()
        for key in contents.keys { keys.insert(key) }
        self.path = path
        self.header = header
        self.tornBytes = contents.tornBytes
        self.keys = Mutex(keys)
        self.file = Mutex(File(descriptor: descriptor, nextSequence: UInt64(contents.keys.count) + 1))
    }

    deinit {
        file.withLock { file in
            if file.descriptor >= 0 { _ = close(file.descriptor) }
        }
    }

    /// The number of keys, pending ones included.
    var count: Int { keys.withLock { $0.byID.count } }

    /// The key of an id, as a record names it; `nil` if there is none.
    func key(id: DataKeyID) -> DataKey? {
        keys.withLock { $0.byID[id] }
    }

    /// The key that a namespace's messages are sealed with now, made if there is none yet.
    ///
    /// - Throws: `EnvironmentError` if the kernel gives no random bytes.
    func key(forNamespace token: NamespaceToken) throws(EnvironmentError) -> DataKey {
        try keys.withLock { keys throws(EnvironmentError) in
            if let key = keys.current[.namespace(token)] { return key }
            let scope =
                keys.namespacesCount < KeyLimits.namespaceKeysMax
                ? DataKeyScope.namespace(token)
                : DataKeyScope.bucket(Int(truncatingIfNeeded: token) & (KeyLimits.bucketKeysCount - 1))
            if let key = keys.current[scope] { return key }
            let key = DataKey(
                id: try SecureRandom.identifier(),
                secret: try SecretBytes.random(count: XAES256GCM.keyBytes),
                scope: scope,
                generation: 1
            )
            keys.insert(key)
            keys.pending.append(key)
            return key
        }
    }

    /// Whether there are keys that only memory has.
    var hasPendingEntries: Bool { keys.withLock { !$0.pending.isEmpty } }

    /// Appends the pending keys to the file and waits until they are on disk; does nothing if there are none.
    ///
    /// Called by one thread before it writes records that were sealed with keys from ``key(forNamespace:)``.
    func sync() throws(EnvironmentError) {
        try file.withLock { file throws(EnvironmentError) in
            if let failure = file.failure { throw failure }
            let pending = keys.withLock { keys in
                let pending = keys.pending
                keys.pending.removeAll(keepingCapacity: true)
                return pending
            }
            guard !pending.isEmpty else { return }
            do throws(EnvironmentError) {
                try append(pending, to: &file)
            } catch {
                file.failure = error
                throw error
            }
        }
    }

    private func append(_ pending: [DataKey], to file: inout File) throws(EnvironmentError) {
        precondition(file.descriptor >= 0, "a keyring that was opened for reading only gets no new keys")
        let entries = UnsafeMutableRawBufferPointer.allocate(
            byteCount: pending.count * KeyringEntry.bytes,
            alignment: 16
        )
        defer { entries.deallocate() }
        entries.initializeMemory(as: UInt8.self, repeating: 0)
        for (index, key) in pending.enumerated() {
            let offset = index * KeyringEntry.bytes
            try KeyringEntry.write(
                key,
                sequence: file.nextSequence + UInt64(index),
                appendSequence: file.nextSequence,
                header: header,
                into: UnsafeMutableRawBufferPointer(rebasing: entries[offset..<offset + KeyringEntry.bytes])
            )
        }
        let offset = KeyringHeader.bytes + Int(file.nextSequence - 1) * KeyringEntry.bytes
        try KeyFile.write(UnsafeRawBufferPointer(entries), to: file.descriptor, at: offset, path: path)
        guard fdatasync(file.descriptor) == 0 else { throw .system(call: "fdatasync", path: path, errno: errno) }
        file.nextSequence += UInt64(pending.count)
    }
}
