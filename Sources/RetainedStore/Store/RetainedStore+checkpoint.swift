extension RetainedStore {
    /// Syncs the journal and moves everything ordered so far into the index; returns when that is done.
    ///
    /// Blocks, for seconds perhaps: never on an event loop.
    ///
    /// - Throws: `failed`, `full`, `closed`.
    public func checkpoint() throws(StoreError) {
        try checkpointer.runNow(self)
    }

    /// With the order lock held.
    private var expiryStatistics: ExpirySweepStatistics {
        var statistics = sweeper.statistics
        let earliest = min(statistics.earliestSeconds ?? ExpiryNote.never, overlays.active.earliestExpirySeconds)
        statistics.earliestSeconds = earliest == ExpiryNote.never ? nil : earliest
        statistics.clockLagSeconds = clock.lagSeconds
        return statistics
    }

    /// The store's figures now.
    public var statistics: StoreStatistics {
        let now = MonotonicTime.now
        let isKeyringFull = keyring.isOutOfSpace()
        return order.withLock {
            let health: StoreHealth =
                if let failure = journal.failure {
                    .failed(failure)
                } else if journal.hasRefused {
                    .full(.journal)
                } else if overlays.isIndexFull {
                    .full(.index)
                } else if isKeyringFull {
                    .full(.keyring)
                } else {
                    .healthy
                }
            return StoreStatistics(
                health: health,
                indexCount: checkpointer.state.count - checkpointer.state.sessionCount,
                sessionIndexCount: checkpointer.state.sessionCount,
                indexBytes: checkpointer.state.valueBytes,
                overlayCount: overlays.count - overlays.sessionCount,
                sessionOverlayCount: overlays.sessionCount,
                lastLSN: journal.lastLSN,
                durableLSN: durableLSN,
                appliedLSN: checkpointer.state.appliedLSN,
                journalBytes: journal.table.segments.reduce(0) { $0 + $1.bytes },
                segmentCount: journal.table.segments.count,
                groupCount: journal.groupCount,
                lastSyncAgeSeconds: journal.lastSyncTime.map { now.seconds(since: $0) },
                checkpointAgeSeconds: checkpointer.lastEnd.map { now.seconds(since: $0) },
                checkpointSeconds: checkpointer.lastSeconds,
                expiry: expiryStatistics,
                anchorFailure: anchor.failure,
                quarantinePaths: openReport.quarantinePaths
            )
        }
    }
}
