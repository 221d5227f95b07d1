import RetainedStore

/// `backup`: makes a directory a copy of the store as it is when the verb ends.
struct BackupVerb: StoreVerb {
    static let name = "backup"

    /// Where the copy goes; absolute, since another process may make it.
    var directory: String
    /// Whether it rests half of the time, for the sake of clients.
    var isPaced: Bool

    var auditDetail: String? { directory }

    struct Report: VerbReport {
        var directory: String
        /// `full`, `resumed` or `incremental`.
        var mode: String
        /// Everything up to it is in the backup.
        var lastLSN: UInt64
        var records: UInt64
        /// Records of the journal that were applied.
        var journalRecords: UInt64
        /// How often the index was read again because the journal went on faster.
        var restarts: Int
        /// Whether the backup has a keyring of its own.
        var hasKeyring: Bool
        var seconds: Double
    }

    func perform(on store: RetainedStore, progress: (String) -> Void) throws(CommandFailure) -> Report {
        do throws(StoreError) {
            let report = try store.backup(
                to: directory,
                nowSeconds: StoreArguments.nowSeconds,
                isPaced: isPaced
            ) { progress(Self.text($0)) }
            return Report(
                directory: directory,
                mode: report.mode.rawValue,
                lastLSN: report.lastLSN,
                records: report.recordCount,
                journalRecords: report.journalRecordCount,
                restarts: report.restartCount,
                hasKeyring: report.hasKeyring,
                seconds: report.seconds
            )
        } catch {
            throw CommandFailure(error, key: nil)
        }
    }

    private static func text(_ progress: BackupProgress) -> String {
        let what =
            switch progress.part {
            case .index: "records copied"
            case .journal: "records of the journal applied"
            case .verification: "verified"
            }
        return "\(progress.doneCount) of \(progress.totalCount) \(what)"
    }
}

extension BackupVerb.Report {
    var text: String {
        let what =
            switch mode {
            case "incremental": "brought up to date from the journal"
            case "resumed": "made, going on with an earlier run"
            default: "made in full"
            }
        let keyring =
            hasKeyring
            ? "it has a copy of the keyring: a shred of the store does not reach it unless latch key shred names it by --also"
            : "it has no keyring, which is kept apart: keep a copy of the keyring too, but not beside the backup"
        return """
            backup \(directory) \(what), verified: \(records) messages, all that was published through LSN \(lastLSN), \
            \(LoadReport.fixed(seconds, digits: 1)) s
            \(keyring)
            """
    }
}
