import RetainedStore

/// `statistics`: the store's figures.
struct StatisticsVerb: StoreVerb {
    static let name = "statistics"
    static let isAudited = false

    struct Report: VerbReport {
        /// Retained messages.
        var retained: UInt64
        /// Those of them in the index, and the bytes of their records.
        var indexRecords: UInt64
        var indexBytes: UInt64
        /// Topics of which the journal has something newer than the index, at most.
        var overlayTopics: Int
        /// Records of clients' sessions in the index, and keys of such records in the overlay.
        var sessionIndexRecords: UInt64
        var sessionOverlayRecords: Int
        var lastLSN: UInt64
        var durableLSN: UInt64
        var appliedLSN: UInt64
        var journalSegments: Int
        var journalBytes: Int
        var lastSyncAgeSeconds: Double?
        var checkpointAgeSeconds: Double?
        var checkpointSeconds: Double?
        /// The generation of data keys that new messages are sealed with.
        var keyGeneration: UInt32
        /// Expired messages cleared since the store was opened.
        var expiredCleared: UInt64
        /// Nothing of the store expires before, seconds since 1970; nil: nothing ever does.
        var earliestExpiry: UInt64?
        /// How far the machine's clock is behind the time by which messages expire.
        var clockLagSeconds: UInt64
        /// Passes over the index that are under way or waiting.
        var passes: [Pass]
        /// The compaction that is under way.
        var compaction: Compaction?
    }

    /// A compaction of the index.
    struct Compaction: Codable, Sendable {
        /// `copying` or `comparing`.
        var part: String
        var done: UInt64
        var total: UInt64
    }

    /// A pass over the index.
    struct Pass: Codable, Sendable {
        /// `reseal`, `resealNeighbours` or `sweep`.
        var purpose: String
        var examined: UInt64
        var resealed: UInt64
        var removed: UInt64
    }

    func perform(on store: RetainedStore, progress: (String) -> Void) throws(CommandFailure) -> Report {
        let retained = try CommandFailure.ofStore { () throws(StoreError) in try store.countRetained() }
        let statistics = store.statistics
        return Report(
            retained: retained.count,
            indexRecords: statistics.indexCount,
            indexBytes: statistics.indexBytes,
            overlayTopics: statistics.overlayCount,
            sessionIndexRecords: statistics.sessionIndexCount,
            sessionOverlayRecords: statistics.sessionOverlayCount,
            lastLSN: statistics.lastLSN,
            durableLSN: statistics.durableLSN,
            appliedLSN: statistics.appliedLSN,
            journalSegments: statistics.segmentCount,
            journalBytes: statistics.journalBytes,
            lastSyncAgeSeconds: statistics.lastSyncAgeSeconds,
            checkpointAgeSeconds: statistics.checkpointAgeSeconds,
            checkpointSeconds: statistics.checkpointSeconds,
            keyGeneration: store.keyGeneration,
            expiredCleared: statistics.expiry.clearedCount,
            earliestExpiry: statistics.expiry.earliestSeconds,
            clockLagSeconds: statistics.expiry.clockLagSeconds,
            passes: store.indexPasses.map { pass in
                Pass(
                    purpose: pass.purpose.rawValue,
                    examined: pass.progress.examinedCount,
                    resealed: pass.progress.resealedCount,
                    removed: pass.progress.removedCount
                )
            },
            compaction: store.compactionProgress.map {
                Compaction(part: $0.part.rawValue, done: $0.doneCount, total: $0.totalCount)
            }
        )
    }
}

extension StatisticsVerb.Report {
    var text: String {
        func age(_ seconds: Double?) -> String {
            seconds.map { "\(LoadReport.fixed($0, digits: 1)) s ago" } ?? "none yet"
        }
        var lines = [
            "retained     \(retained) messages",
            "index        \(indexRecords) records, \(indexBytes) bytes",
            "overlay      \(overlayTopics) topics",
            "sessions     \(sessionIndexRecords) records in the index, \(sessionOverlayRecords) in the overlay",
            "journal      \(journalSegments) segments, \(journalBytes) bytes",
            "LSN          \(lastLSN) last, \(durableLSN) durable, \(appliedLSN) in the index",
            "sync         \(age(lastSyncAgeSeconds))",
            "checkpoint   \(age(checkpointAgeSeconds))",
            "keys         generation \(keyGeneration)",
        ]
        let expiry =
            earliestExpiry.map { $0 == 0 ? "not known yet" : "next at \($0) s since 1970, or later" } ?? "none expires"
        lines.append("expiry       \(expiredCleared) expired messages cleared, \(expiry)")
        if clockLagSeconds > 0 {
            lines.append("clock        \(clockLagSeconds) s behind the store's time, by which messages expire")
        }
        for pass in passes {
            lines.append(
                "pass         \(pass.purpose): \(pass.examined) of \(indexRecords) records looked at, "
                    + "\(pass.resealed) sealed anew, \(pass.removed) removed"
            )
        }
        if let compaction {
            lines.append("compaction   \(compaction.part): \(compaction.done) of \(compaction.total) records")
        }
        return lines.joined(separator: "\n")
    }
}
