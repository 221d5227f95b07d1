import Synchronization

/// The users, or the addresses, whose clients share limits: who is connected, and the rate at which they connect.
///
/// One lock for all loops, taken when a client is let in or goes, and never for a message or a subscription: those ask the ``Account``.
/// Without limits nothing is remembered, and no lock is taken.
final class AccountRegister: Sendable {
    /// Whether a client is let in.
    enum Admission {
        /// With the account that its connection and its session keep; `nil` where nothing is limited.
        case admitted(Account?)
        case tooMany
        case tooFast
    }

    private struct Entry {
        let account: Account
        /// Connections by client identifier.
        var connections: [[UInt8]: Int] = [:]
        var arrivals: TokenBucket?
    }

    private let limits: AccountLimits
    private let countMax: Int
    private let entries = Mutex<[[UInt8]?: Entry]>([:])

    /// - Parameter countMax: accounts that are remembered; when all are in use, limits hold for each connection of further ones alone.
    init(limits: AccountLimits, countMax: Int = BrokerLimits.accountsMax) {
        self.limits = limits
        self.countMax = countMax
    }

    /// How many accounts are remembered.
    var count: Int { entries.withLock { $0.count } }

    /// A client is about to be let in; unless it is refused, ``disconnected(_:clientID:now:)`` must follow.
    func connected(_ name: [UInt8]?, clientID: [UInt8], now: UInt64) -> Admission {
        if limits.isEmpty { return .admitted(nil) }
        return entries.withLock { entries in
            if entries[name] == nil, entries.count >= countMax { Self.forget(&entries, now) }
            var entry = entries[name] ?? newEntry(name, now)
            let isKnown = entry.connections[clientID] != nil
            var admission = Admission.admitted(entry.account)
            if let most = limits.connectionsMax, !isKnown, entry.connections.count >= most {
                admission = .tooMany
            } else if entry.arrivals?.take(now: now) == false {
                admission = .tooFast
            } else {
                entry.connections[clientID, default: 0] += 1
            }
            if entries[name] != nil || entries.count < countMax { entries[name] = entry }
            return admission
        }
    }

    /// A client that was let in has gone.
    func disconnected(_ account: Account, clientID: [UInt8], now: UInt64) {
        entries.withLock { entries in
            guard var entry = entries[account.name], entry.account === account else { return }
            let count = (entry.connections[clientID] ?? 1) - 1
            entry.connections[clientID] = count == 0 ? nil : count
            // What it has added to what is retained, or its will may add yet, is remembered until there is need of room.
            let isForgotten = Self.isIdle(&entry, now) && account.retainedAllowance == nil
            entries[account.name] = isForgotten ? nil : entry
        }
    }

    /// The account of a session that was written down, whose client has not come back yet; `nil` where nothing is limited.
    func restored(_ name: [UInt8]?, subscriptionCount: Int, now: UInt64) -> Account? {
        if limits.isEmpty { return nil }
        return entries.withLock { entries in
            let entry = entries[name] ?? newEntry(name, now)
            entry.account.took(subscriptions: subscriptionCount)
            if entries[name] != nil || entries.count < countMax { entries[name] = entry }
            return entry.account
        }
    }

    private func newEntry(_ name: [UInt8]?, _ now: UInt64) -> Entry {
        var entry = Entry(account: Account(name, limits))
        if let rate = limits.connectionsPerSecond {
            entry.arrivals = TokenBucket(capacity: rate, fillsInMilliseconds: 1000, now: now)
        }
        return entry
    }

    /// Makes room.
    private static func forget(_ entries: inout [[UInt8]?: Entry], _ now: UInt64) {
        for (key, var entry) in entries where isIdle(&entry, now) { entries[key] = nil }
    }

    private static func isIdle(_ entry: inout Entry, _ now: UInt64) -> Bool {
        entry.connections.isEmpty && !entry.account.isOwing(now: now) && entry.arrivals?.isFull(now: now) != false
    }
}
