import Glibc
import MQTTWire

/// The rules of one list in the order in which they decide, compiled for matching.
///
/// Deny rules come first and the others follow in file order; within one list the first rule whose filter matches and
/// whose permission speaks about the request decides. All filters lie in one array of bytes, so that a decision reads
/// two blocks of memory and allocates nothing.
final class RuleList: Sendable {
    /// Where a filter lies and how it is compared.
    struct Entry: Sendable {
        var offset: Int
        var count: Int
        var shape: FilterShape
        var permission: AccessRule.Permission
        var line: Int
    }

    private let entries: [Entry]
    private let bytes: [UInt8]

    /// - Parameter rules: filters with all names already filled in.
    init(_ rules: [AccessRule]) {
        var entries: [Entry] = []
        var bytes: [UInt8] = []
        entries.reserveCapacity(rules.count)
        for rule in rules.filter({ $0.permission == .deny }) + rules.filter({ $0.permission != .deny }) {
            entries.append(
                Entry(
                    offset: bytes.count,
                    count: rule.filter.count,
                    shape: FilterShape(of: rule.filter),
                    permission: rule.permission,
                    line: rule.line
                )
            )
            bytes += rule.filter
        }
        self.entries = entries
        self.bytes = bytes
    }

    /// The rule that decides a request, if one of this list does.
    ///
    /// - Parameter topic: not empty.
    @inline(__always)
    func decidingEntry(_ kind: AccessKind, topic: UnsafeRawBufferPointer) -> Entry? {
        bytes.withUnsafeBytes { bytes in
            for entry in entries where entry.permission == .deny || entry.permission.grants(kind) {
                if Self.matches(entry, in: bytes, topic: topic) { return entry }
            }
            return nil
        }
    }

    /// The rule that decides a subscription: the first that covers the whole filter and denies, or allows reading.
    ///
    /// - Parameter filter: a valid filter, without a `$share` prefix.
    func coveringEntry(filter: UnsafeRawBufferPointer) -> Entry? {
        bytes.withUnsafeBytes { bytes in
            entries.first { entry in
                guard entry.permission == .deny || entry.permission.grants(.read) else { return false }
                if entry.shape == .everything { return filter[0] != .dollarSign }
                let outer = UnsafeRawBufferPointer(rebasing: bytes[entry.offset..<entry.offset + entry.count])
                return TopicFilter.covers(outer: outer, inner: filter)
            }
        }
    }

    @inline(__always)
    private static func matches(
        _ entry: Entry,
        in bytes: UnsafeRawBufferPointer,
        topic: UnsafeRawBufferPointer
    ) -> Bool {
        switch entry.shape {
        case .literal:
            return topic.count == entry.count && begins(topic, with: bytes, entry.offset, entry.count)
        case .subtree:
            let parentCount = entry.count - 2
            guard topic.count >= parentCount, begins(topic, with: bytes, entry.offset, parentCount) else {
                return false
            }
            return topic.count == parentCount || topic[parentCount] == .solidus
        case .everything:
            return topic[0] != .dollarSign
        case .wildcards:
            let filter = UnsafeRawBufferPointer(rebasing: bytes[entry.offset..<entry.offset + entry.count])
            return TopicFilter.matches(filter: filter, topic: topic)
        }
    }

    @inline(__always)
    private static func begins(
        _ topic: UnsafeRawBufferPointer,
        with bytes: UnsafeRawBufferPointer,
        _ offset: Int,
        _ count: Int
    ) -> Bool {
        guard let left = topic.baseAddress, let right = bytes.baseAddress else { return count == 0 }
        return memcmp(left, right + offset, count) == 0
    }
}
