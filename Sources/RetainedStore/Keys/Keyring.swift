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
/// - A key is made only where the file's disk has room for its entry, so that an append does not run out of space.
final class Keyring: Sendable {
    /// Where the file is.
    let path: String
    /// Bytes of a torn append that opening found, and cut off unless it was for reading only.
    let tornBytes: Int

    let keys: Mutex<KeyringKeys>
    let file: Mutex<File>
    private let revisionCount = Atomic<UInt64>(0)
    /// Entries that the file's disk has room for, those that there are included.
    let reservedCount: Atomic<Int>
    private let isFull = Atomic<Bool>(false)
    private let uses = Mutex<[WeakUse]>([])

    private struct WeakUse: Sendable {
        weak var use: KeyUse?
    }

    /// The file, which one thread at a time writes.
    struct File {
        var header: KeyringHeader
        /// -1 in a keyring that was opened for reading only.
        var descriptor: Int32
        var nextSequence: UInt64
        var failure: EnvironmentError?
        /// How room is made on the disk for a file of so many bytes.
        var reserve: @Sendable (Int32, _ bytes: Int, _ path: String) throws(EnvironmentError) -> Void = KeyFile.reserve
    }

    /// - Parameter descriptor: The open file, which becomes this object's; -1 for reading only.
    init(path: String, header: KeyringHeader, contents: KeyringContents, descriptor: Int32) {
        self.path = path
        self.tornBytes = contents.tornBytes
        self.keys = Mutex(KeyringKeys(contents.items))
        // What is opened for reading only is never appended to.
        reservedCount = Atomic(descriptor < 0 ? .max : contents.items.count)
        self.file = Mutex(
            File(header: header, descriptor: descriptor, nextSequence: UInt64(contents.items.count) + 1)
        )
    }

    deinit {
        file.withLock { file in
            if file.descriptor >= 0 { _ = close(file.descriptor) }
        }
    }

    /// The number of keys, pending ones included.
    var count: Int { keys.withLock { $0.byID.count } }

    /// Grows when keys that were handed out are no longer those to seal with. Whoever keeps keys at hand asks for them
    /// anew when it has grown; no record is ordered with a key that was asked for under an earlier one.
    @inline(__always)
    var revision: UInt64 { revisionCount.load(ordering: .sequentiallyConsistent) }

    /// Makes the keys at hand everywhere old. With the order lock held, so that every record is ordered before or
    /// after.
    func advanceRevision() {
        revisionCount.add(1, ordering: .sequentiallyConsistent)
    }

    /// Takes up somebody who keeps keys at hand.
    func add(_ use: KeyUse) {
        uses.withLock { uses in
            uses.removeAll { $0.use == nil }
            uses.append(WeakUse(use: use))
        }
    }

    /// Wipes the keys at hand everywhere that they are not in use; where they are, they are wiped when that ends.
    func wipeKeysAtHand() {
        for use in uses.withLock({ $0.compactMap(\.use) }) { use.forgetIfIdle() }
    }

    /// The key of an id, as a record names it; `nil` if there is none.
    func key(id: DataKeyID) -> DataKey? {
        keys.withLock { $0.byID[id] }
    }

    /// The destroyed key of an id; `nil` if none had it.
    func shreddedKey(id: DataKeyID) -> ShreddedKey? {
        keys.withLock { $0.shredded[id] }
    }

    /// The destroyed keys, in the order in which they were.
    var shreddedKeys: [ShreddedKey] {
        keys.withLock { keys in
            keys.items.compactMap { if case .shredded(let key) = $0 { key } else { nil } }
        }
    }

    /// The newest generation that there ever was.
    var generation: UInt32 { keys.withLock { $0.generation } }

    /// The key that a namespace's messages are sealed with now, made if there is none yet.
    ///
    /// - Throws: `EnvironmentError` if the kernel gives no random bytes, or the disk has no room for one more key.
    func key(forNamespace token: NamespaceToken) throws(EnvironmentError) -> DataKey {
        while true {
            let key = try keys.withLock { keys throws(EnvironmentError) -> DataKey? in
                let scope = keys.scope(ofNamespace: token)
                if let key = keys.current[scope] { return key }
                guard keys.items.count < reservedCount.load(ordering: .acquiring) else { return nil }
                return try keys.make(scope)
            }
            if let key { return key }
            try reserve(1)
        }
    }

    /// Makes sure that so many more keys fit into the file, whatever happens to the disk's space meanwhile.
    ///
    /// Where a file system can not reserve space, it does nothing, and an append that finds none fails the store.
    func reserve(_ count: Int) throws(EnvironmentError) {
        try file.withLock { file throws(EnvironmentError) in
            if let failure = file.failure { throw failure }
            let wanted = keys.withLock { $0.items.count } + count
            guard wanted > reservedCount.load(ordering: .acquiring) else { return }
            let rounded = (wanted + Self.reservedEntries - 1) / Self.reservedEntries * Self.reservedEntries
            do throws(EnvironmentError) {
                try file.reserve(file.descriptor, KeyringHeader.bytes + rounded * KeyringEntry.bytes, path)
            } catch {
                if error.isOutOfSpace { isFull.store(true, ordering: .releasing) }
                throw error
            }
            isFull.store(false, ordering: .releasing)
            reservedCount.store(rounded, ordering: .releasing)
        }
    }

    /// Entries that room is made for at a time: a block of most file systems.
    static let reservedEntries = 32

    /// Whether a key was wanted that the disk had no room for, and still has none.
    func isOutOfSpace() -> Bool {
        guard isFull.load(ordering: .acquiring) else { return false }
        do throws(EnvironmentError) {
            try reserve(1)
            return false
        } catch {
            return error.isOutOfSpace
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
            let pending = keys.withLock { $0.pending }
            guard !pending.isEmpty else { return }
            do throws(EnvironmentError) {
                try append(pending, to: &file)
            } catch {
                file.failure = error
                throw error
            }
            keys.withLock { $0.noteSynced(pending) }
        }
    }

    private func append(_ pending: [DataKey], to file: inout File) throws(EnvironmentError) {
        precondition(file.descriptor >= 0, "a keyring that was opened for reading only gets no new keys")
        let entries = try Self.entries(
            pending.map(KeyringItem.key),
            sequence: file.nextSequence,
            header: file.header
        )
        defer { entries.deallocate() }
        let offset = KeyringHeader.bytes + Int(file.nextSequence - 1) * KeyringEntry.bytes
        try KeyFile.write(UnsafeRawBufferPointer(entries), to: file.descriptor, at: offset, path: path)
        guard fdatasync(file.descriptor) == 0 else { throw .system(call: "fdatasync", path: path, errno: errno) }
        file.nextSequence += UInt64(pending.count)
    }

    /// The entries of items that are appended together, the first under a sequence number; the caller deallocates them.
    static func entries(
        _ items: [KeyringItem],
        sequence: UInt64,
        header: KeyringHeader
    ) throws(EnvironmentError) -> UnsafeMutableRawBufferPointer {
        let entries = UnsafeMutableRawBufferPointer.allocate(
            byteCount: items.count * KeyringEntry.bytes,
            alignment: 16
        )
        entries.initializeMemory(as: UInt8.self, repeating: 0)
        do throws(EnvironmentError) {
            for (index, item) in items.enumerated() {
                let offset = index * KeyringEntry.bytes
                try KeyringEntry.write(
                    item,
                    sequence: sequence + UInt64(index),
                    appendSequence: sequence,
                    header: header,
                    into: UnsafeMutableRawBufferPointer(rebasing: entries[offset..<offset + KeyringEntry.bytes])
                )
            }
        } catch {
            entries.deallocate()
            throw error
        }
        return entries
    }
}
