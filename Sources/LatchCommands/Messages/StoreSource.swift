import MQTTWire
import Mosquitto
import RetainedStore

/// The messages of a store of Latch: of one to be exported, or of one that was exported sealed.
final class StoreSource: MessageSource {
    /// Keys that a scan passes over in one go: there is no event loop to be stalled.
    static let limits: ScanLimits = {
        var limits = ScanLimits()
        limits.recordsMax = 1_000
        limits.seeksMax = 100_000
        limits.bytesMax = 8 << 20
        return limits
    }()

    let name: String
    let damage: [String] = []
    let notes: [String] = []
    private let store: RetainedStore
    private let filters: [[UInt8]]
    private let limits: ScanLimits

    /// - Parameters:
    ///   - selection: What is scanned for; everything, names that begin with `$` included, where it is empty.
    ///   - limits: What one step may cost, where others use the store at the same time.
    init(_ store: RetainedStore, selection: MessageSelection, limits: ScanLimits = StoreSource.limits) {
        self.store = store
        self.limits = limits
        name = "store of Latch, \(store.options.location.directory)"
        filters =
            selection.filters.isEmpty
            ? [Array("#".utf8)] : selection.filters.map { filter in filter.withMatchedBytes { Array($0) } }
    }

    func forEach(_ body: (SourceItem) throws(CommandFailure) -> Void) throws(CommandFailure) {
        for (position, filter) in filters.enumerated() {
            try scan(filter) { (message) throws(CommandFailure) in
                // A topic that an earlier filter matches has been handed out.
                guard !filters[..<position].contains(where: { Self.matches($0, message.topic) }) else { return }
                try body(.message(message))
            }
        }
    }

    private func scan(
        _ filter: [UInt8],
        _ body: (RetainedMessage) throws(CommandFailure) -> Void
    ) throws(CommandFailure) {
        let reader = try CommandFailure.ofStore { () throws(StoreError) in try store.makeReader() }
        var scan = store.withOrder { lastVersion in
            filter.withUnsafeBytes { RetainedScan(filter: $0, upToVersion: lastVersion) }
        }
        let now = store.nowSeconds
        var batch: [RetainedMessage] = []
        var isFinished = false
        while !isFinished {
            batch.removeAll(keepingCapacity: true)
            isFinished = try CommandFailure.ofStore { () throws(StoreError) in
                try reader.nextBatch(of: &scan, limits: limits, nowSeconds: now) {
                    batch.append(RetainedMessage($0))
                }
            }
            for message in batch { try body(message) }
        }
    }

    private static func matches(_ filter: [UInt8], _ topic: [UInt8]) -> Bool {
        filter.withUnsafeBytes { filter in
            topic.withUnsafeBytes { TopicFilter.matches(filter: filter, topic: $0) }
        }
    }
}
