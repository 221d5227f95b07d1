import RetainedStore

/// `shred`: destroys the data keys of a namespace, and tries what is left.
struct ShredVerb: StoreVerb {
    static let name = "shred"

    /// The first topic level whose messages go.
    var namespace: String
    /// Copies of the store with keyrings of their own, which lose the same keys.
    var also: [String]

    var auditDetail: String? { namespace }

    struct Report: VerbReport {
        var namespace: String
        /// Data keys that were destroyed, one for each generation.
        var keysDestroyed: Int
        /// Records removed from the index.
        var recordsRemoved: UInt64
        /// Whether the keyring is kept apart from the store.
        var isKeyringApart: Bool
        /// Whether other namespaces shared the key, and how many of their records were sealed anew.
        var hadSharedKey: Bool
        var neighboursResealed: UInt64
        /// Records that were still found, and how many of them opened with a key that is left.
        var recordsTried: UInt64
        var recordsOpened: UInt64
        /// The copies that were treated too.
        var also: [String]
    }

    func perform(on store: RetainedStore, progress: (String) -> Void) throws(CommandFailure) -> Report {
        try Self.check(namespace)
        do throws(StoreError) {
            // Before anything is destroyed.
            for directory in also { try store.checkCopy(directory) }
            progress("destroying the keys of \(namespace)")
            let report = try store.shred(namespace: namespace)
            for directory in also {
                progress("destroying the keys of \(namespace) in \(directory)")
                try store.shred(namespace: namespace, inCopy: directory, lastLSN: report.lastLSN)
            }
            return Report(
                namespace: namespace,
                keysDestroyed: report.keyCount,
                recordsRemoved: report.removedCount,
                isKeyringApart: report.isKeyringApart,
                hadSharedKey: report.hadSharedKey,
                neighboursResealed: report.neighbourRecordCount,
                recordsTried: report.triedCount,
                recordsOpened: report.openedCount,
                also: also
            )
        } catch {
            if case .missing(let directory) = error { throw .missingStore(in: directory) }
            throw CommandFailure(error, key: nil)
        }
    }

    /// - Throws: ``CommandFailure`` for what is not one topic level.
    static func check(_ namespace: String) throws(CommandFailure) {
        guard !namespace.isEmpty, namespace.utf8.count <= 0xFFFF, !namespace.utf8.contains(UInt8(ascii: "/")),
            namespace != "#", namespace != "+"
        else {
            throw CommandFailure(
                .usage,
                "\"\(namespace)\" is no namespace: name one first topic level, as alice for alice/# (with alice itself)"
            )
        }
    }
}

extension ShredVerb.Report {
    var text: String {
        var lines = [
            keysDestroyed == 0
                ? "\(namespace) had no key: there was nothing to destroy"
                : "destroyed \(keysDestroyed) data \(keysDestroyed == 1 ? "key" : "keys") of \(namespace), "
                    + "removed \(recordsRemoved) records",
            "tried: \(recordsTried) records of it are still in the journal's files, \(recordsOpened) of them open",
        ]
        if hadSharedKey {
            lines.append(
                "\(namespace) shared its key with other namespaces; \(neighboursResealed) of their records were sealed anew "
                    + "here, and earlier backups lose theirs: make a new backup now"
            )
        }
        for directory in also { lines.append("its keys are destroyed in \(directory) too") }
        lines.append(
            isKeyringApart
                ? "the keyring is kept apart from the store: no copy of the store alone opens them either; a copy of the "
                    + "keyring made before now, together with the master key, still would"
                : "the keyring is in the store: earlier copies of the store have their own and still open them, except those "
                    + "named by --also; kept apart (keyring_location), one keyring would serve all copies"
        )
        return lines.joined(separator: "\n")
    }

    var failure: CommandFailure? {
        recordsOpened == 0
            ? nil
            : CommandFailure(.damagedStore, "\(recordsOpened) records of \(namespace) still open: the shred has failed")
    }
}
