/// The keys of a keyring in memory, by id and by whom they are for.
struct KeyringKeys {
    private(set) var byID: [DataKeyID: DataKey] = [:]
    /// Each scope's newest key.
    private(set) var current: [DataKeyScope: DataKey] = [:]
    /// The keys that the file does not have yet, in the order in which they were made.
    private(set) var pending: [DataKey] = []
    private(set) var shredded: [DataKeyID: ShreddedKey] = [:]
    /// Every key and every destroyed one, in the order in which they came: that of a file that is written anew.
    private(set) var items: [KeyringItem] = []
    /// The newest generation that there ever was, from 1.
    private(set) var generation: UInt32 = 1
    private var namespacesCount = 0

    init(_ items: [KeyringItem]) {
        for item in items { insert(item) }
    }

    /// Takes up what the file has.
    private mutating func insert(_ item: KeyringItem) {
        items.append(item)
        switch item {
        case .key(let key): enter(key)
        case .shredded(let key):
            shredded[key.id] = key
            generation = max(generation, key.generation)
        }
    }

    /// Of two keys of one scope and generation the later one counts.
    private mutating func enter(_ key: DataKey) {
        byID[key.id] = key
        generation = max(generation, key.generation)
        let previous = current[key.scope]
        if let previous, previous.generation > key.generation { return }
        if previous == nil, case .namespace = key.scope { namespacesCount += 1 }
        current[key.scope] = key
    }

    /// The scope whose key seals a namespace's new messages.
    func scope(ofNamespace token: NamespaceToken) -> DataKeyScope {
        if current[.namespace(token)] != nil || namespacesCount < KeyLimits.namespaceKeysMax {
            return .namespace(token)
        }
        return .bucket(Self.bucket(of: token))
    }

    /// The bucket that a namespace without a key of its own belongs to.
    static func bucket(of token: NamespaceToken) -> Int {
        Int(truncatingIfNeeded: token) & (KeyLimits.bucketKeysCount - 1)
    }

    /// A new key, pending.
    mutating func make(_ scope: DataKeyScope) throws(EnvironmentError) -> DataKey {
        try make(scope, generation: generation)
    }

    private mutating func make(_ scope: DataKeyScope, generation: UInt32) throws(EnvironmentError) -> DataKey {
        let key = DataKey(
            id: try SecureRandom.identifier(),
            secret: try SecretBytes.random(count: XAES256GCM.keyBytes),
            scope: scope,
            generation: generation
        )
        insert(.key(key))
        pending.append(key)
        return key
    }

    /// Gives every scope a new key of the next generation. Without keys there is none: only keys tell the file of it.
    mutating func beginGeneration() throws(EnvironmentError) {
        guard !current.isEmpty else { return }
        let next = generation + 1
        // In the order in which they came, which is the file's.
        let scopes = items.compactMap { item -> DataKeyScope? in
            guard case .key(let key) = item, current[key.scope]?.id == key.id else { return nil }
            return key.scope
        }
        for scope in scopes { _ = try make(scope, generation: next) }
        generation = next
    }

    /// The keys of a scope, of every generation, in the order in which they came.
    func keys(of scope: DataKeyScope) -> [DataKey] {
        items.compactMap { if case .key(let key) = $0, key.scope == scope { key } else { nil } }
    }

    /// Destroys keys for the sake of a namespace.
    mutating func shred(_ keys: [DataKey], namespace: NamespaceToken, lastLSN: UInt64) {
        let ids = Set(keys.map(\.id))
        for key in keys {
            byID[key.id] = nil
            guard current[key.scope]?.id == key.id else { continue }
            current[key.scope] = nil
            if case .namespace = key.scope { namespacesCount -= 1 }
        }
        pending.removeAll { ids.contains($0.id) }
        items.removeAll { item in
            if case .key(let key) = item { ids.contains(key.id) } else { false }
        }
        for key in keys {
            insert(
                .shredded(
                    ShreddedKey(id: key.id, namespace: namespace, generation: key.generation, lastLSN: lastLSN)
                )
            )
        }
    }

    /// Notes that the file has these keys.
    mutating func noteSynced(_ synced: [DataKey]) {
        let ids = Set(synced.map(\.id))
        pending.removeAll { ids.contains($0.id) }
    }
}
