internal import Synchronization

extension RetainedStore {
    /// Begins a new generation of data keys: whatever is sealed from now on, is sealed under it, and what older keys
    /// have sealed is sealed anew in the background, a little at a time.
    ///
    /// The old keys stay in the keyring, because earlier backups need them. A crash before this returns leaves the old
    /// generation or the new one; one during the pass leaves it where it is, and the next opening goes on with it.
    ///
    /// - Returns: The generation, one more than before; the same where there is no key yet that could be replaced.
    /// - Throws: `failed`, `closed`, `environment`.
    @discardableResult
    public func rotateKeys() throws(StoreError) -> UInt32 {
        try rotateKeys(isPaced: true)
    }

    /// - Parameter isPaced: Whether the pass leaves most of the time to others.
    @discardableResult
    public func rotateKeys(isPaced: Bool) throws(StoreError) -> UInt32 {
        try maintenance.withLock { () throws(StoreError) in
            try StoreError.whileMakingKeys { () throws(EnvironmentError) in
                try keyring.reserve(keyring.keys.withLock { $0.current.count })
            }
            let (generation, lsn) = try order.withLock { () throws(StoreError) -> (UInt32, UInt64) in
                try journal.checkState()
                do throws(EnvironmentError) {
                    return (try keyring.beginGeneration(), journal.lastLSN)
                } catch {
                    throw .environment(error)
                }
            }
            do throws(EnvironmentError) {
                try keyring.sync()
            } catch {
                journal.fail(.failed(error))
                throw .failed(error)
            }
            try reseal(generation: generation, from: [], afterLSN: lsn, isPaced: isPaced)
            return generation
        }
    }

    /// The generation of data keys that what is new is sealed with.
    public var keyGeneration: UInt32 { keyring.generation }

    /// The passes over the index that are under way or waiting, with how far they have come.
    public var indexPasses: [(purpose: IndexPassPurpose, progress: IndexPassProgress)] {
        order.withLock { checkpointer.passes.map { ($0.purpose, $0.progress) } }
    }

    /// Returns when everything that older generations of keys had sealed has been sealed anew.
    ///
    /// - Parameter observer: Called several times a second with how far it has come.
    /// - Returns: What the last rotation that ended in this process has done in it.
    /// - Throws: `failed`, `full`, `closed`.
    @discardableResult
    public func waitForRotation(
        _ observer: (IndexPassProgress) -> Void = { _ in }
    ) throws(StoreError) -> IndexPassProgress {
        // A rotation that begins meanwhile takes the place of the one before.
        while let pass = order.withLock({ checkpointer.passes.first { $0.purpose == .reseal && !$0.isWithdrawn } }) {
            try checkpointer.wait(for: pass, self, observer)
        }
        return order.withLock { checkpointer.lastRotation }
    }

    /// Goes on with what an earlier process left undone: sealing anew, and removing what was shredded.
    func resumePasses() throws(StoreError) {
        let (rotation, sweptCount) = try readNotes()
        let shredded = keyring.shreddedKeys
        if shredded.count > sweptCount {
            let pass = try sweep(shredded, from: sweptCount)
            order.withLock { checkpointer.add(pass) }
        }
        let generation = keyring.generation
        guard generation > 1 else { return }
        let lastLSN = order.withLock { journal.lastLSN }
        switch rotation {
        case .some(let rotation) where rotation.generation == generation:
            guard let nextKey = rotation.nextKey else { return }
            // It had begun, so that what the old keys sealed was in the index already.
            try reseal(generation: generation, from: nextKey, afterLSN: 0, isPaced: true)
        case .some, .none:
            try reseal(generation: generation, from: [], afterLSN: lastLSN, isPaced: true)
        }
    }

    private func readNotes() throws(StoreError) -> (KeyRotation?, sweptCount: Int) {
        do throws(IndexError) {
            let reader = try IndexReader(index)
            try reader.begin()
            defer { reader.end() }
            let rotation = try reader.meta(KeyRotation.metaKey).flatMap { KeyRotation($0) }
            let swept = try reader.meta(Self.sweptMetaKey)
            return (
                rotation,
                swept.map { $0.count == 8 ? Int(clamping: $0.loadLittleEndian(at: 0, as: UInt64.self)) : 0 } ?? 0
            )
        } catch {
            throw error.storeError(path: index.path)
        }
    }

    private func reseal(
        generation: UInt32,
        from nextKey: [UInt8],
        afterLSN: UInt64,
        isPaced: Bool
    ) throws(StoreError) {
        let pass: IndexPass
        do throws(EnvironmentError) {
            pass = try IndexPass(
                self,
                purpose: .reseal,
                from: nextKey,
                afterLSN: afterLSN,
                isPaced: isPaced,
                note: { (writer, next) throws(IndexError) in
                    let note = KeyRotation(generation: generation, nextKey: next.map { Array($0) })
                    let bytes = note.bytes
                    let span = bytes.span
                    try span.withUnsafeBytes { bytes throws(IndexError) in
                        try writer.putMeta(KeyRotation.metaKey, bytes)
                    }
                },
                decide: { [keyring] (record, key) throws(EnvironmentError) in
                    guard let old = keyring.key(id: record.dataKeyID) else { return .keep }
                    let new = try keyring.key(forNamespace: BlindTopicKey.namespace(of: key))
                    return new.id == old.id ? .keep : .reseal(from: old, to: new)
                }
            )
        } catch {
            throw .environment(error)
        }
        order.withLock {
            checkpointer.withdraw(.reseal)
            checkpointer.add(pass)
        }
    }
}
