import Synchronization

/// Who is at the door, by address: counts connections, and remembers who failed too often.
///
/// One lock for all loops, taken when a connection begins, ends or is refused and never for a message.
final class AddressRegister: Sendable {
    /// Why a connection is not taken.
    enum Refusal {
        case banned
        case tooMany
        case tooFast
    }

    private struct Entry {
        var connectionCount = 0
        var arrivals: TokenBucket?
        var failures: TokenBucket?
        var bannedUntil: UInt64 = 0
    }

    private let limits: AddressLimits
    private let publicLimits: AddressLimits
    private let countMax: Int
    private let entries = Mutex<[[UInt8]: Entry]>([:])

    /// - Parameters:
    ///   - limits: of the machine itself and of private networks.
    ///   - publicLimits: of all other addresses.
    ///   - countMax: addresses that are remembered; when all are in use, further ones are not limited.
    init(limits: AddressLimits, publicLimits: AddressLimits, countMax: Int = BrokerLimits.addressesMax) {
        self.limits = limits
        self.publicLimits = publicLimits
        self.countMax = countMax
    }

    /// How long a ban lasts.
    var banSeconds: Int { limits.banSeconds }

    /// How many addresses are remembered.
    var count: Int { entries.withLock { $0.count } }

    /// A connection begins; unless it is refused, ``closed(_:now:)`` must follow.
    func opened(_ address: InternetAddress?, now: UInt64) -> Refusal? {
        change(address, now) { entry, limits in
            if now < entry.bannedUntil { return .banned }
            if let most = limits.connectionsMax, entry.connectionCount >= most { return .tooMany }
            if entry.arrivals?.take(now: now) == false { return .tooFast }
            entry.connectionCount += 1
            return nil
        }
    }

    /// A connection that was not refused has ended.
    func closed(_ address: InternetAddress?, now: UInt64) {
        _ = change(address, now) { entry, _ in
            entry.connectionCount = max(0, entry.connectionCount - 1)
            return nil
        }
    }

    /// A login was refused.
    ///
    /// - Returns: whether the address is banned because of it.
    func loginFailed(_ address: InternetAddress?, now: UInt64) -> Bool {
        change(address, now) { entry, limits in
            guard entry.failures?.take(now: now) == false else { return nil }
            entry.bannedUntil = now + UInt64(limits.banSeconds) * 1000
            return .banned
        } == .banned
    }

    private func limits(of address: InternetAddress) -> AddressLimits { address.isPublic ? publicLimits : limits }

    private func change(
        _ address: InternetAddress?,
        _ now: UInt64,
        _ body: (inout Entry, AddressLimits) -> Refusal?
    ) -> Refusal? {
        guard let address else { return nil }
        let limits = limits(of: address)
        if limits.isOpen { return nil }
        let key = address.subscriberPart
        return entries.withLock { entries in
            if entries[key] == nil, entries.count >= countMax { Self.forget(&entries, now) }
            guard var entry = entries[key] ?? (entries.count < countMax ? Self.newEntry(limits, now) : nil) else {
                return nil
            }
            let refusal = body(&entry, limits)
            entries[key] = Self.isForgettable(&entry, now) ? nil : entry
            return refusal
        }
    }

    private static func newEntry(_ limits: AddressLimits, _ now: UInt64) -> Entry {
        var entry = Entry()
        if let rate = limits.connectionsPerSecond {
            entry.arrivals = TokenBucket(capacity: rate, fillsInMilliseconds: 1000, now: now)
        }
        if let failures = limits.failuresPerMinute {
            // The failure that finds no token bans.
            entry.failures = TokenBucket(capacity: failures - 1, fillsInMilliseconds: 60_000, now: now)
        }
        return entry
    }

    private static func forget(_ entries: inout [[UInt8]: Entry], _ now: UInt64) {
        for (key, var entry) in entries where isForgettable(&entry, now) { entries[key] = nil }
    }

    private static func isForgettable(_ entry: inout Entry, _ now: UInt64) -> Bool {
        guard entry.connectionCount == 0, now >= entry.bannedUntil else { return false }
        return entry.arrivals?.isFull(now: now) != false && entry.failures?.isFull(now: now) != false
    }
}
