import Glibc
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
    var loads: SystemLoads
    /// The program's name and version.
    var version: String

    /// Topics and values.
    var values: [(topic: String, value: String)] {
        let heap = Self.heapBytes
        let connected = min(counters.connectedClients, sessions)
        let retained = Int(store.indexCount) + store.overlayCount
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
            ("store/messages/bytes", "\(Int(store.indexBytes) + counters.storedBytes)"),
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
            ("heap/current", "\(heap.current)"),
            ("heap/maximum", "\(heap.maximum)"),
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
            ("store/retained/count", "\(Int(store.indexCount) + store.overlayCount)"),
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
        ]
    }

    /// Resident memory now and at the most, in bytes (proc(5)).
    static var heapBytes: (current: Int, maximum: Int) {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let maximum = usage.ru_maxrss * 1_024
        guard let file = fopen("/proc/self/statm", "r") else { return (maximum, maximum) }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return (maximum, maximum) }
        let fields = String(
            decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        ).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return (maximum, maximum) }
        return (pages * Int(getpagesize()), maximum)
    }

    /// `12.34`
    static func twoDigits(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
