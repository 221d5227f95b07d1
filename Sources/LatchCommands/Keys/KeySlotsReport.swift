import RetainedStore

/// The key slots of a store, for a person or for a program.
struct KeySlotsReport: Encodable, Equatable {
    /// One slot.
    struct Slot: Encodable, Equatable {
        /// `key` or `passphrase`.
        var kind: String
        var fingerprint: String
        /// Whether the key at hand has this fingerprint; a passphrase has none of its own.
        var isKeyAtHand: Bool
    }

    var store: String
    var keyring: String
    var slots: [Slot]

    init(_ slots: [KeySlotSummary], fingerprint: String?, _ location: StoreLocation) {
        store = location.directory
        keyring = location.keyringPath
        self.slots = slots.map { slot in
            Slot(
                kind: slot.kind == .key ? "key" : "passphrase",
                fingerprint: slot.fingerprint,
                isKeyAtHand: slot.kind == .key && slot.fingerprint == fingerprint
            )
        }
    }

    var text: String {
        let lines = slots.map { slot in
            "slot \(slot.fingerprint): a \(slot.kind)\(slot.isKeyAtHand ? ", the one at hand" : "")"
        }
        return (lines + ["keyring: \(keyring)"]).joined(separator: "\n")
    }
}
