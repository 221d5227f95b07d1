import MQTTProtocol
import Synchronization

/// What each user has: connections, subscriptions, and the rates at which it connects and publishes.
///
/// One lock for all loops, taken when a client is let in or goes, subscribes or unsubscribes, and never for a message: those ask the
/// account's ``PublishRate``. Without limits nothing is remembered, and no lock is taken.
final class UserRegister: Sendable {
    /// Whether a client is let in.
    enum Admission {
        /// With the account that its connection and its session keep; `nil` where nothing is limited.
        case admitted(UserAccount?)
        case tooMany
        case tooFast
    }

    private struct Entry {
        let account: UserAccount
        /// Connections by client identifier.
        var connections: [[UInt8]: Int] = [:]
        var subscriptionCount = 0
        var arrivals: TokenBucket?
    }

    private let limits: UserLimits
    private let countMax: Int
    private let entries = Mutex<[[UInt8]?: Entry]>([:])

    /// - Parameter countMax: users that are remembered; when all are in use, limits hold for each connection of further ones alone.
    init(limits: UserLimits, countMax: Int = BrokerLimits.usersMax) {
        self.limits = limits
        self.countMax = countMax
    }

    /// How many users are remembered.
    var count: Int { entries.withLock { $0.count } }

    /// A client is about to be let in; unless it is refused, ``disconnected(_:clientID:now:)`` must follow.
    func connected(_ userName: [UInt8]?, clientID: [UInt8], now: UInt64) -> Admission {
        if limits.isEmpty { return .admitted(nil) }
        return entries.withLock { entries in
            if entries[userName] == nil, entries.count >= countMax { Self.forget(&entries, now) }
            var entry = entries[userName] ?? newEntry(userName, now)
            let isKnown = entry.connections[clientID] != nil
            var admission = Admission.admitted(entry.account)
            if let most = limits.connectionsMax, !isKnown, entry.connections.count >= most {
                admission = .tooMany
            } else if entry.arrivals?.take(now: now) == false {
                admission = .tooFast
            } else {
                entry.connections[clientID, default: 0] += 1
            }
            if entries[userName] != nil || entries.count < countMax { entries[userName] = entry }
            return admission
        }
    }

    /// A client that was let in has gone.
    func disconnected(_ account: UserAccount, clientID: [UInt8], now: UInt64) {
        change(account) { entry in
            let count = (entry.connections[clientID] ?? 1) - 1
            entry.connections[clientID] = count == 0 ? nil : count
            return Self.isForgettable(&entry, now)
        }
    }

    /// A session of the user gets another subscription.
    ///
    /// - Returns: `false` if the user has too many.
    func subscribed(_ account: UserAccount?) -> Bool {
        guard let account else { return true }
        var isGranted = true
        change(account) { entry in
            isGranted = entry.subscriptionCount < limits.subscriptionsMax ?? .max
            if isGranted { entry.subscriptionCount += 1 }
            return false
        }
        return isGranted
    }

    /// Subscriptions of a session end.
    func unsubscribed(_ account: UserAccount?, count: Int, now: UInt64) {
        guard let account, count > 0 else { return }
        change(account) { entry in
            entry.subscriptionCount = max(0, entry.subscriptionCount - count)
            return Self.isForgettable(&entry, now)
        }
    }

    /// A session with subscriptions becomes another user's; what it has may be more than that user could add.
    func moved(_ count: Int, from old: UserAccount?, to new: UserAccount?, now: UInt64) {
        guard old !== new, count > 0 else { return }
        unsubscribed(old, count: count, now: now)
        if let new {
            change(new) { entry in
                entry.subscriptionCount += count
                return false
            }
        }
    }

    /// The account of a session that was written down, whose client has not come back yet; `nil` where nothing is limited.
    func restored(_ userName: [UInt8]?, subscriptionCount: Int, now: UInt64) -> UserAccount? {
        if limits.isEmpty { return nil }
        return entries.withLock { entries in
            var entry = entries[userName] ?? newEntry(userName, now)
            entry.subscriptionCount += subscriptionCount
            if entries[userName] != nil || entries.count < countMax { entries[userName] = entry }
            return entry.account
        }
    }

    /// - Parameter body: says whether the entry may be forgotten.
    private func change(_ account: UserAccount, _ body: (inout Entry) -> Bool) {
        entries.withLock { entries in
            guard var entry = entries[account.userName], entry.account === account else { return }
            entries[account.userName] = body(&entry) ? nil : entry
        }
    }

    private func newEntry(_ userName: [UInt8]?, _ now: UInt64) -> Entry {
        let rate = PublishRate(
            messagesPerSecond: limits.publishesPerSecond,
            bytesPerSecond: limits.publishBytesPerSecond
        )
        var entry = Entry(
            account: UserAccount(
                userName: userName,
                rate: rate,
                queueAllowance: limits.queuedBytesMax.map(QueueAllowance.init(bytesMax:))
            )
        )
        if let rate = limits.connectionsPerSecond {
            entry.arrivals = TokenBucket(capacity: rate, fillsInMilliseconds: 1000, now: now)
        }
        return entry
    }

    private static func forget(_ entries: inout [[UInt8]?: Entry], _ now: UInt64) {
        for (key, var entry) in entries where isForgettable(&entry, now) { entries[key] = nil }
    }

    private static func isForgettable(_ entry: inout Entry, _ now: UInt64) -> Bool {
        guard entry.connections.isEmpty, entry.subscriptionCount == 0 else { return false }
        return entry.arrivals?.isFull(now: now) != false && entry.account.rate?.isFull(now: now) != false
    }
}
