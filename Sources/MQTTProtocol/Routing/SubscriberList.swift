/// Who subscribed to one filter: nobody, one session (by far the most common; no allocation), or a table.
enum SubscriberList {
    case empty
    case one(Subscription)
    case many(SubscriberTable)

    var isEmpty: Bool {
        switch self {
        case .empty: true
        case .one: false
        case .many(let table): table.isEmpty
        }
    }

    /// Adds or replaces a subscription.
    ///
    /// - Returns: Whether it is new.
    mutating func insert(_ subscription: Subscription) -> Bool {
        switch self {
        case .empty:
            self = .one(subscription)
            return true
        case .one(let only) where only.subscriber == subscription.subscriber:
            self = .one(subscription)
            return false
        case .one, .many:
            return asTable().insert(subscription)
        }
    }

    mutating func insertShared(_ subscription: Subscription, group name: UnsafeRawBufferPointer) -> Bool {
        asTable().insertShared(subscription, group: name)
    }

    /// - Returns: Whether there was such a subscription.
    mutating func remove(_ subscriber: SubscriberHandle) -> Bool {
        switch self {
        case .empty:
            return false
        case .one(let only):
            guard only.subscriber == subscriber else { return false }
            self = .empty
            return true
        case .many(let table):
            guard table.remove(subscriber) else { return false }
            simplify(table)
            return true
        }
    }

    mutating func removeShared(_ subscriber: SubscriberHandle, group name: UnsafeRawBufferPointer) -> Bool {
        guard case .many(let table) = self, table.removeShared(subscriber, group: name) else { return false }
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
