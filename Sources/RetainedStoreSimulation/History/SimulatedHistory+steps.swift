internal import RetainedStore

extension SimulatedHistory {
    /// Does something; false if the store is not to be used any more.
    func step(_ life: StoreLife) throws -> Bool {
        // What happens meanwhile happens at the moments of the checkpoint's thread, in it, while this one waits.
        func meanwhile() throws(StoreError) {
            if random.happens(percent: 40) { try commit(life) }
        }
        switch random.number(0...19) {
        case 0...9: try commit(life)
        case 10...12: try gather(life)
        case 13...15:
            counts.checkpoints += 1
            try life.work(meanwhile) { () throws(StoreError) in try life.store.checkpoint() }
        case 16, 17:
            counts.rotations += 1
            try life.rotate(meanwhile)
        case 18: try shred(life, meanwhile)
        default: try backUp(life)
        }
        life.settle()
        return life.isHealthy
    }

    private func commit(_ life: StoreLife) throws(StoreError) {
        let isLarge = random.happens(percent: 4)
        try add(batch(isLarge: isLarge), life)
        life.waitUntilDurable()
    }

    /// Several batches in one group, or in the groups on both sides of a segment's end.
    private func gather(_ life: StoreLife) throws(StoreError) {
        life.disk.holdWrites(true)
        defer { life.disk.holdWrites(false) }
        try add(batch(isLarge: false), life)
        life.disk.waitForHeldWrite()
        for _ in 0..<random.number(1...3) { try add(batch(isLarge: false), life) }
        life.disk.holdWrites(false)
        life.waitUntilDurable()
    }

    private func add(_ changes: [Change], _ life: StoreLife) throws(StoreError) {
        do throws(StoreError) {
            try life.commit(changes) { version in
                precondition(version == UInt64(attempted.count) + 1, "versions have no gaps")
                // Before anything can be on a disk.
                attempted += changes
                counts.changes += changes.count
            }
        } catch {
            // Refused before it was ordered (D3): the writer tries something else later.
            guard case .full = error else { throw error }
            life.disk.giveSpace()
            life.waitForSpace()
        }
    }

    private func batch(isLarge: Bool) -> [Change] {
        (0..<random.number(1...4)).map { _ in
            changeNumber += 1
            // Few topics, so that they are replaced and cleared; many namespaces, so that keys are made on the way.
            let (namespace, leaf) = (random.number(0...9), random.number(0...3))
            let topic = "n\(namespace)/t\(leaf)"
            // A third of it waits for a session, in the same batches; a number stands for one topic.
            let session: UInt64? = random.happens(percent: 33) ? UInt64(namespace * 4 + leaf) : nil
            if random.happens(percent: 20) { return Change(topic: topic, payload: nil, sessionNumber: session) }
            let bytes = isLarge ? random.number(2_000...9_000) : random.number(0...300)
            return Change(
                topic: topic,
                payload: "\(changeNumber) " + String(repeating: "p", count: bytes),
                sessionNumber: session
            )
        }
    }

    private func namespace() -> String { "n\(random.number(0...9))" }

    private func shred(_ life: StoreLife, _ meanwhile: @escaping () throws(StoreError) -> Void) throws {
        counts.shreds += 1
        let namespace = namespace()
        // From the moment at which the new keyring has the old one's name, a crash may leave either.
        life.disk.onKeyringReplacement { [self] in
            shreds.append(Shred(namespace: namespace, lastVersion: UInt64(attempted.count)))
        }
        let openedCount = try life.shred(namespace, meanwhile)
        life.disk.promise { $0.shredCount = shreds.count }
        if openedCount > 0 {
            throw failure("\(openedCount) records of a namespace open after it was shredded", "living store")
        }
    }

    /// Makes a copy, or brings the last one up to date, and looks into what it restores.
    private func backUp(_ life: StoreLife) throws {
        guard limits.isBackedUp else { return }
        counts.backups += 1
        let report = try life.store.backup(to: backupDirectory, nowSeconds: 1, isPaced: false)
        try StoreImage(directory: backupDirectory).write(to: imageDirectory, includingJournal: true)
        var options = options
        options.location = StoreLocation(directory: imageDirectory)
        let restored = try RetainedStore.open(options, masterKey: masterKey)
        let found = try restored.makeReader().everything()
        try restored.close()
        if report.lastLSN != UInt64(attempted.count) || found != attempted.retained(after: shreds) {
            throw failure("a \(report.mode) backup restores something else", "living store")
        }
    }
}
