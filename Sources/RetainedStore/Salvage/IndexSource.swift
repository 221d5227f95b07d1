/// What one meta page of a damaged index leads to.
final class IndexSource {
    let meta: IndexMeta
    let tree: IndexTree
    /// Whether every page that is in no tree is known.
    private(set) var isFreeListWhole = true
    /// What the index says of itself; nil if that is not authentic.
    private(set) var state: IndexState?
    /// The tree of `retained`; nil if it was not found.
    private(set) var retained: IndexRoot?
    /// Pages that are not what their parents say.
    private(set) var broken: [(damage: Damage, bytes: [UInt8])] = []

    /// Reads the list of free pages, finds the databases, and opens the state.
    init(_ file: IndexPageFile, _ meta: IndexMeta, setID: SetID, stateKey: SecretBytes) throws(StoreError) {
        self.meta = meta
        tree = IndexTree(file)
        var free = PageSet(count: file.pageCount)
        var isWhole = true
        try tree.walk(meta.freePages) { (damage, bytes) throws(StoreError) in
            isWhole = false
            try note(damage, bytes)
        } item: { (item) throws(StoreError) in
            guard let value = item.value, value.count >= 8 else {
                isWhole = false
                return
            }
            let count = value.loadLittleEndian(at: 0, as: UInt64.self)
            guard count <= UInt64(value.count / 8 - 1) else {
                isWhole = false
                return
            }
            for index in 1..<Int(count) + 1 { free.insert(value.loadLittleEndian(at: 8 * index)) }
        }
        isFreeListWhole = isWhole
        tree.free = free
        var metaRoot: IndexRoot?
        try tree.walk(meta.databases, broken: note) { (item) throws(StoreError) in
            switch String(decoding: item.key, as: UTF8.self) {
            case "retained": retained = item.database
            case "meta": metaRoot = item.database
            default: break
            }
        }
        guard let metaRoot else { return }
        try tree.walk(metaRoot, broken: note) { (item) throws(StoreError) in
            guard let value = item.value, Array(item.key) == Array(IndexState.metaKey.utf8) else { return }
            state = try StoreError.whileReading { () throws(EnvironmentError) in
                try IndexState.open(value, setID: setID, key: stateKey)
            }
        }
    }

    /// Brings every record that the tree leads to.
    func walk(_ item: (IndexTree.Item) throws(StoreError) -> Void) throws(StoreError) {
        guard let retained else { return }
        try tree.walk(retained, broken: note, item: item)
    }

    private func note(_ damage: Damage, _ bytes: UnsafeRawBufferPointer?) throws(StoreError) {
        broken.append((damage, bytes.map { Array($0) } ?? []))
    }

    /// Whether everything is there that the index says it has, in the versions that it says.
    func isProven(auditKey: SecretBytes) throws(StoreError) -> Bool {
        guard let state else { return false }
        var tally = try IndexTally(auditKey: auditKey)
        try walk { (item) throws(StoreError) in
            if let record = item.value.flatMap({ IndexRecord($0) }) { tally.add(record) }
        }
        return broken.isEmpty && tally.compare(with: state, file: "").isEmpty
    }
}
