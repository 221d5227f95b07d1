import RetainedStore

/// `statistics`: the store's figures.
struct StatisticsVerb: StoreVerb {
    static let name = "statistics"

    struct Report: VerbReport {
        /// Messages in the index, and the bytes of their records.
        var indexRecords: UInt64
        var indexBytes: UInt64
        /// Topics of which the journal has something newer than the index, at most.
        var overlayTopics: Int
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
        /// Passes over the index that are under way or waiting.
        var passes: [Pass]
    }

    /// A pass over the index.
    struct Pass: Codable, Sendable {
        /// `reseal`, `resealNeighbours` or `sweep`.
        var purpose: String
        var examined: UInt64
        var resealed: UInt64
        var removed: UInt64
    }

    func perform(on store: RetainedStore, progress: (String) -> Void) -> Report {
        let statistics = store.statistics
        return Report(
            indexRecords: statistics.indexCount,
            indexBytes: statistics.indexBytes,
            overlayTopics: statistics.overlayCount,
            lastLSN: statistics.lastLSN,
            durableLSN: statistics.durableLSN,
            appliedLSN: statistics.appliedLSN,
            journalSegments: statistics.segmentCount,
            journalBytes: statistics.journalBytes,
            lastSyncAgeSeconds: statistics.lastSyncAgeSeconds,
            checkpointAgeSeconds: statistics.checkpointAgeSeconds,
            checkpointSeconds: statistics.checkpointSeconds,
            keyGeneration: store.keyGeneration,
            passes: store.indexPasses.map { pass in
                Pass(
                    purpose: pass.purpose.rawValue,
                    examined: pass.progress.examinedCount,
                    resealed: pass.progress.resealedCount,
                    removed: pass.progress.removedCount
                )
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
            "index        \(indexRecords) records, \(indexBytes) bytes",
            "overlay      \(overlayTopics) topics",
            "journal      \(journalSegments) segments, \(journalBytes) bytes",
            "LSN          \(lastLSN) last, \(durableLSN) durable, \(appliedLSN) in the index",
            "sync         \(age(lastSyncAgeSeconds))",
            "checkpoint   \(age(checkpointAgeSeconds))",
            "keys         generation \(keyGeneration)",
        ]
        for pass in passes {
            lines.append(
                "pass         \(pass.purpose): \(pass.examined) of \(indexRecords) records looked at, "
                    + "\(pass.resealed) sealed anew, \(pass.removed) removed"
            )
        }
        return lines.joined(separator: "\n")
    }
}
