/// The load averages of `$SYS/broker/load`.
struct SystemLoads {
    private var averages: [(name: String, average: LoadAverage)] = [
        "messages/received", "messages/sent", "publish/dropped", "publish/received", "publish/sent",
        "bytes/received",
        "bytes/sent", "sockets", "connections",
    ].map { ($0, LoadAverage()) }

    mutating func update(_ counters: LoopCounters, afterSeconds seconds: Double) {
        let counts = [
            counters.packetsReceived, counters.packetsSent, counters.publishesDropped,
            counters.publishesReceived,
            counters.publishesSent, counters.bytesReceived, counters.bytesSent, counters.sockets,
            counters.connections,
        ]
        for (index, count) in counts.enumerated() {
            averages[index].average.update(count, afterSeconds: seconds)
        }
    }

    var values: [(String, String)] {
        averages.flatMap { name, average in
            zip(LoadAverage.minutes, average.perMinute).map { minutes, perMinute in
                ("load/\(name)/\(Int(minutes))min", SystemReport.twoDigits(perMinute))
            }
        }
    }
}
