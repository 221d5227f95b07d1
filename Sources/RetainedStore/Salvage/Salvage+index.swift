/// What a salvage takes from the index.
extension Salvage {
    /// The meta page to go by: one whose tree is proven, else the one whose tree is least broken; of equals the newer one.
    static func choose(
        _ file: IndexPageFile?,
        _ opened: OpenedStore,
        _ report: inout SalvageReport
    ) throws(StoreError) -> Choice {
        var choice = Choice()
        guard let file else { return choice }
        func source(_ meta: IndexMeta) throws(StoreError) -> IndexSource {
            try IndexSource(file, meta, setID: opened.header.setID, stateKey: opened.keys.state)
        }
        for page in [UInt64(0), 1] where !file.metas.contains(where: { $0.page == page }) {
            report.add(
                Damage(
                    file: file.path,
                    offset: page * UInt64(file.pageBytes),
                    field: "meta page",
                    expected: "one of LMDB's",
                    found: "other bytes"
                )
            )
        }
        var candidates: [IndexSource] = []
        for meta in file.metas { candidates.append(try source(meta.meta)) }
        candidates.sort { one, other in
            (one.state?.appliedLSN ?? 0, one.meta.transaction) > (other.state?.appliedLSN ?? 0, other.meta.transaction)
        }
        var best: IndexSource?
        for candidate in candidates where !report.isIndexProven {
            report.isIndexProven = try candidate.isProven(auditKey: opened.keys.audit)
            let isBetter = best.map { report.isIndexProven || $0.broken.count > candidate.broken.count } ?? true
            guard isBetter else { continue }
            if let best { choice.passedOver = best.broken }
            if best != nil, choice.passedOver.isEmpty {
                let damage = Damage(
                    file: file.path,
                    offset: 0,
                    field: "tree of the newer meta page",
                    expected: "what its state says",
                    found: "other records"
                )
                choice.passedOver.append((damage, []))
            }
            best = candidate
        }
        choice.isNewest = best === candidates.first && file.metas.count == 2
        if let best { choice.source = try source(best.meta) }
        return choice
    }

    /// Which meta page a salvage goes by.
    struct Choice {
        var source: IndexSource?
        /// Whether nothing was committed behind it.
        var isNewest = false
        /// What is wrong with the newer one, where the older one was better.
        var passedOver: [(damage: Damage, bytes: [UInt8])] = []
    }

    func readIndex(_ progress: (VerificationProgress) -> Void) throws(StoreError) {
        report.indexStatedCount = state?.count
        guard let file, let source else {
            if file == nil {
                report.add(
                    Damage(file: dataPath, offset: 0, field: "index", expected: "a file", found: "none")
                )
            }
            if let file { try readOffTree(file, IndexTree(file), freeOf: nil) }
            return
        }
        let total = source.retained?.recordCount ?? 0
        try source.walk { (item) throws(StoreError) in
            if item.isOnBrokenPage, !BlindTopicKey.isWellFormed(item.key) { return }
            report.indexReadCount += 1
            try take(item, isOffTree: false)
            if report.indexReadCount % 4_096 == 0 {
                let count = report.indexReadCount
                progress(VerificationProgress(part: .index, doneCount: count, totalCount: max(count, total)))
            }
        }
        let others = choice.passedOver.filter { other in !source.broken.contains { $0.damage == other.damage } }
        for page in source.broken + others {
            report.add(page.damage)
            try keep(.indexPage, page.damage, page.bytes)
        }
        if choice.isNewest, source.retained != nil, source.broken.isEmpty { return }
        try readOffTree(file, source.tree, freeOf: source)
    }

    /// Reads the leaf pages that no tree leads to.
    ///
    /// Those that are in no list of free pages either were in the tree before it broke. Of the others nobody knows whether
    /// they had been given up, and with them what stands there: only what is newer than the index says it is complete to
    /// can not have been.
    private func readOffTree(_ file: IndexPageFile, _ tree: IndexTree, freeOf source: IndexSource?) throws(StoreError) {
        for page in 2..<max(2, file.pageCount) where !tree.reached.contains(page) {
            let isOrphan = source?.isFreeListWhole == true && !tree.free.contains(page)
            let limit = isOrphan ? 0 : state?.appliedLSN ?? .max
            try tree.readLeaf(page) { (item) throws(StoreError) in
                guard BlindTopicKey.isWellFormed(item.key) else { return }
                if isOrphan {
                    report.indexReadCount += 1
                    report.offTreeCount += 1
                    return try take(item, isOffTree: true)
                }
                try takeDoubtful(item, newerThan: limit)
            }
        }
    }

    /// Keeps a record of the index if it opens.
    private func take(_ item: IndexTree.Item, isOffTree: Bool) throws(StoreError) {
        func damage(_ field: String, _ expected: String, _ found: String) -> Damage {
            Damage(file: dataPath, offset: item.offset, field: field, expected: expected, found: found)
        }
        guard BlindTopicKey.isWellFormed(item.key) else {
            return try reject(item, damage("blind key", "one", "\(item.key.count) bytes"))
        }
        guard let value = item.value, let record = IndexRecord(value), record.type == RecordType.set.rawValue,
            RecordCollection(rawValue: record.collection) != nil
        else {
            return try reject(item, damage("record", "one of a known type", "other bytes"))
        }
        guard record.version <= versionMax else {
            return try reject(item, damage("version", "at most \(versionMax)", "\(record.version)"))
        }
        switch try envelopes.check(record, key: item.key, file: dataPath, offset: Int(item.offset)) {
        case .current, .expired, .session: try index.put(key: item.key, record)
        case .shredded: report.shreddedCount += 1
        case .damaged(let damage): try reject(item, damage)
        }
    }

    /// Keeps a record of a page that may have been given up, if it is newer than what the index is complete to; of the
    /// others it keeps what opens in quarantine, unless something of the same key is kept.
    private func takeDoubtful(_ item: IndexTree.Item, newerThan limit: UInt64) throws(StoreError) {
        guard let value = item.value, let record = IndexRecord(value), record.type == RecordType.set.rawValue,
            RecordCollection(rawValue: record.collection) != nil, record.version <= versionMax
        else { return }
        switch try envelopes.check(record, key: item.key, file: dataPath, offset: Int(item.offset)) {
        case .shredded, .damaged: return
        case .current, .expired, .session: break
        }
        if record.version > limit {
            report.indexReadCount += 1
            report.offTreeCount += 1
            return try index.put(key: item.key, record)
        }
        // With a tree to go by, what is on a free page is known to be old.
        guard source?.isFreeListWhole != true else { return }
        report.indexReadCount += 1
        report.offTreeCount += 1
        let damage = Damage(
            file: dataPath,
            offset: item.offset,
            field: "page",
            expected: "one that is known to be in use",
            found: "one of which nobody knows"
        )
        try reject(item, damage)
    }

    private func reject(_ item: IndexTree.Item, _ damage: Damage) throws(StoreError) {
        report.indexQuarantinedCount += 1
        let record = item.value.flatMap { IndexRecord($0) }
        note(.index, damage, key: item.key, version: record?.version, dataKeyID: record?.dataKeyID)
        try StoreError.whileReading { () throws(EnvironmentError) in
            if let value = item.value, value.count > item.node.count {
                try quarantine.add(.indexRecord, file: dataPath, offset: item.offset, key: item.key, value)
            } else {
                try quarantine.add(.indexNode, file: dataPath, offset: item.offset, item.node)
            }
        }
    }

    private func keep(_ kind: QuarantineEntry, _ damage: Damage, _ bytes: [UInt8]) throws(StoreError) {
        guard !bytes.isEmpty else { return }
        do throws(EnvironmentError) {
            let span = bytes.span
            try span.withUnsafeBytes { bytes throws(EnvironmentError) in
                try quarantine.add(kind, file: damage.file, offset: damage.offset, bytes)
            }
        } catch {
            throw .environment(error)
        }
    }

    func note(
        _ region: UnsavedRecord.Region,
        _ damage: Damage,
        key: UnsafeRawBufferPointer,
        version: UInt64?,
        dataKeyID: DataKeyID?
    ) {
        let record = UnsavedRecord(
            region: region,
            damage: damage,
            version: version,
            dataKeyID: dataKeyID?.hexadecimal
        )
        guard unsaved.count < SalvageReport.unsavedMax else { return report.add(record) }
        let key = BlindTopicKey.isWellFormed(key) ? Array(key) : []
        unsaved.append((record, key))
        if !key.isEmpty, clears[key] == nil { clears[key] = 0 }
    }
}
