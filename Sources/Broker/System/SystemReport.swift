import RetainedStore

/// `$SYS` of one moment: the topics that mosquitto publishes, and ours for the store.
struct SystemReport {
    /// Since the start.
    var counters = LoopCounters()
    var uptimeSeconds = 0
    /// Sessions, connected or kept, now and at the most.
    var sessions = 0
    var sessionsMaximum = 0
    var subscriptions = 0
    var sharedSubscriptions = 0
    var store: StoreStatistics
    var retained: RetainedTotals
    var heap: HeapUse
    var loads: SystemLoads
    /// The program's name and version.
    var version: String

    /// Topics and values.
    var values: [(topic: String, value: String)] {
        let connected = min(counters.connectedClients, sessions)
        let retained = Int(retained.count)
        var values: [(String, String)] = [
            ("version", version),
            ("uptime", "\(uptimeSeconds) seconds"),
            ("clients/total", "\(sessions)"),
            ("clients/maximum", "\(sessionsMaximum)"),
            ("clients/connected", "\(connected)"),
            ("clients/active", "\(connected)"),
            ("clients/disconnected", "\(sessions - connected)"),
            ("clients/inactive", "\(sessions - connected)"),
            ("clients/expired", "\(counters.expiredSessions)"),
            ("connections/socket/count", "\(counters.sockets)"),
            ("messages/received", "\(counters.packetsReceived)"),
            ("messages/sent", "\(counters.packetsSent)"),
            ("messages/stored", "\(retained + counters.storedMessages)"),
            ("store/messages/count", "\(retained + counters.storedMessages)"),
            ("store/messages/bytes", "\(Int(self.retained.bytes) + counters.storedBytes)"),
            ("retained messages/count", "\(retained)"),
            ("subscriptions/count", "\(subscriptions)"),
            ("shared_subscriptions/count", "\(sharedSubscriptions)"),
            ("publish/messages/received", "\(counters.publishesReceived)"),
            ("publish/messages/sent", "\(counters.publishesSent)"),
            ("publish/messages/dropped", "\(counters.publishesDropped)"),
            ("publish/bytes/received", "\(counters.publishBytesReceived)"),
            ("publish/bytes/sent", "\(counters.publishBytesSent)"),
            ("bytes/received", "\(counters.bytesReceived)"),
            ("bytes/sent", "\(counters.bytesSent)"),
            ("packet/out/count", "\(counters.storedMessages)"),
            ("packet/out/bytes", "\(counters.storedBytes)"),
            ("heap/current", "\(heap.bytes)"),
            ("heap/maximum", "\(heap.bytesMaximum)"),
        ]
        values += loads.values
        values += storeValues
        return values.map { (topic: "$SYS/broker/" + $0.0, value: $0.1) }
    }

    /// What mosquitto has no word for: how far the disk is behind.
    private var storeValues: [(String, String)] {
        func age(_ seconds: Double?) -> String { seconds.map { Self.twoDigits($0) } ?? "never" }
        return [
            ("store/health", store.health == .healthy ? "healthy" : "refusing"),
            ("store/retained/count", "\(retained.count)"),
            ("store/quarantine/count", "\(store.quarantinePaths.count)"),
            ("store/overlay/count", "\(store.overlayCount)"),
            ("store/index/count", "\(store.indexCount)"),
            ("store/index/bytes", "\(store.indexBytes)"),
            ("store/journal/lag", "\(store.lastLSN - min(store.lastLSN, store.durableLSN))"),
            ("store/journal/bytes", "\(store.journalBytes)"),
            ("store/journal/segments", "\(store.segmentCount)"),
            ("store/journal/groups", "\(store.groupCount)"),
            ("store/sync/age", age(store.lastSyncAgeSeconds)),
            ("store/checkpoint/lag", "\(store.lastLSN - min(store.lastLSN, store.appliedLSN))"),
            ("store/checkpoint/age", age(store.checkpointAgeSeconds)),
            ("store/checkpoint/duration", age(store.checkpointSeconds)),
            ("store/expired/count", "\(store.expiry.clearedCount)"),
        ]
    }

    /// `12.34`
    static func twoDigits(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
