/// Who subscribed to one filter: nobody, one session (by far the most common; no allocation), or a table.
enum SubscriberList {
    case empty
    case one(Subscriber)
    case many(SubscriberTable)

    var isEmpty: Bool {
        switch self {
        case .empty: true
        case .one: false
        case .many(let table): table.isEmpty
        }
    }

    /// Adds or replaces a subscriber.
    ///
    /// - Returns: Whether it is new.
    mutating func insert(_ subscriber: Subscriber) -> Bool {
        switch self {
        case .empty:
            self = .one(subscriber)
            return true
        case .one(let only) where only.handle == subscriber.handle:
            self = .one(subscriber)
            return false
        case .one, .many:
            return asTable().insert(subscriber)
        }
    }

    mutating func insertShared(_ subscriber: Subscriber, group name: UnsafeRawBufferPointer) -> Bool {
        asTable().insertShared(subscriber, group: name)
    }

    /// - Returns: Whether it was there.
    mutating func remove(_ handle: SubscriberHandle) -> Bool {
        switch self {
        case .empty:
            return false
        case .one(let only):
            guard only.handle == handle else { return false }
            self = .empty
            return true
        case .many(let table):
            guard table.remove(handle) else { return false }
            simplify(table)
            return true
        }
    }

    mutating func removeShared(_ handle: SubscriberHandle, group name: UnsafeRawBufferPointer) -> Bool {
        guard case .many(let table) = self, table.removeShared(handle, group: name) else { return false }
        simplify(table)
        return true
    }

    private mutating func asTable() -> SubscriberTable {
        let table: SubscriberTable
        switch self {
        case .many(let existing):
            return existing
        case .empty:
            table = SubscriberTable()
        case .one(let only):
            table = SubscriberTable()
            _ = table.insert(only)
        }
        self = .many(table)
        return table
    }

    private mutating func simplify(_ table: SubscriberTable) {
        if table.isEmpty { self = .empty }
    }
}
