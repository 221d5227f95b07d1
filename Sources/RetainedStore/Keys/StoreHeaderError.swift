/// Why `latch.store` cannot be used, or not with this key.
public enum StoreHeaderError: Error, Equatable, Sendable {
    /// There is no file at `path`.
    case missing(path: String)
    /// The file is something else.
    case notAStore(path: String)
    /// The store was written by a later version of the format.
    case unknownVersion(path: String, version: UInt16)
    /// The store uses features that this version does not know; the flags.
    case unknownFeatures(path: String, flags: UInt32)
    /// A key slot is of a kind that this version does not know.
    case unknownSlotKind(path: String, slot: Int, kind: UInt8)
    /// A passphrase slot asks for more memory or time than this program is willing to spend on an unauthenticated file.
    case scryptBeyondLimits(path: String, slot: Int)
    /// The file's bytes are not what was written.
    case damaged(Damage)
    /// No slot is for this key: its fingerprint, and what the store wants.
    case wrongKey(fingerprint: String, wanted: [KeySlotSummary])
    /// No slot opens with this passphrase; what the store wants.
    case wrongPassphrase(wanted: [KeySlotSummary])
    /// The key that should be added opens the store already; its slot's fingerprint.
    case slotExists(fingerprint: String)
    /// No slot has this fingerprint.
    case noSlot(fingerprint: String)
    /// The slot that should be removed is the only one.
    case onlySlot
    /// All slots are taken.
    case noFreeSlot
    /// The machine refused.
    case environment(EnvironmentError)
}

extension StoreHeaderError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let path):
            "no store: \(path) does not exist"
        case .notAStore(let path):
            "\(path) is not the header of a store"
        case .unknownVersion(let path, let version):
            "\(path) has format version \(version), this program knows \(FormatVersion.current)"
        case .unknownFeatures(let path, let flags):
            "\(path) uses features \(flags.hexadecimal), which this program does not know"
        case .unknownSlotKind(let path, let slot, let kind):
            "key slot \(slot) of \(path) is of kind \(kind), which this program does not know"
        case .scryptBeyondLimits(let path, let slot):
            "key slot \(slot) of \(path) asks scrypt for more than N = 2^20, r = 32, p = 16 or 1 GiB"
        case .damaged(let damage):
            damage.description
        case .wrongKey(let fingerprint, let wanted):
            "the key with fingerprint \(fingerprint) does not open this store, which wants \(Self.list(wanted))"
        case .wrongPassphrase(let wanted):
            "the passphrase does not open this store, which wants \(Self.list(wanted))"
        case .slotExists(let fingerprint):
            "this key opens the store already, by the slot \(fingerprint)"
        case .noSlot(let fingerprint):
            "the store has no key slot \(fingerprint)"
        case .onlySlot:
            "this is the store's only key slot: without it nobody could open the store any more"
        case .noFreeSlot:
            "all \(KeyLimits.slotsMax) key slots of the store are taken: remove one first"
        case .environment(let error):
            error.description
        }
    }

    private static func list(_ slots: [KeySlotSummary]) -> String {
        slots.map(\.description).joined(separator: " or ")
    }
}

extension StoreHeaderError {
    /// Calls `body` and wraps what the machine refuses.
    static func mapping<Result>(
        _ body: () throws(EnvironmentError) -> Result
    ) throws(StoreHeaderError) -> Result {
        do throws(EnvironmentError) {
            return try body()
        } catch {
            throw .environment(error)
        }
    }

    static func damaged(
        at offset: Int,
        of path: String,
        field: String,
        expected: String,
        found: String
    ) -> StoreHeaderError {
        .damaged(Damage(file: path, offset: UInt64(offset), field: field, expected: expected, found: found))
    }
}
