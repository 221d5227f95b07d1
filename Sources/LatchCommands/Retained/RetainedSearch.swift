import MQTTWire
import Mosquitto
import RetainedStore

/// Finds messages of an open store, and says or does what was asked of each.
struct RetainedSearch {
    /// Topics that are cleared at a time.
    private static let clearedTopicsMax = 256

    let store: RetainedStore
    /// What one step of the scan may cost.
    let limits: ScanLimits
    /// Whether it must end, because the store is about to be closed.
    var isStopping: () -> Bool = { false }
    /// Clears topics, durably.
    let clear: ([[UInt8]]) throws(CommandFailure) -> Void

    /// - Parameter emit: Gets the messages as they are found, in no order that means anything; for `count`, none.
    /// - Returns: How many messages the filter matched.
    func perform(
        _ action: RetainedRequest.Action,
        _ filter: TopicFilter,
        _ emit: (RetainedItem) throws(CommandFailure) -> Void
    ) throws(CommandFailure) -> Int {
        var count = 0
        var cleared: [[UInt8]] = []
        func clearGathered() throws(CommandFailure) {
            guard !cleared.isEmpty else { return }
            try clear(cleared)
            for topic in cleared { try emit(RetainedItem(topic: String(decoding: topic, as: UTF8.self))) }
            cleared.removeAll(keepingCapacity: true)
        }
        let source = StoreSource(store, selection: MessageSelection([filter]), limits: limits)
        try source.forEach { (item) throws(CommandFailure) in
            guard case .message(let message) = item else { return }
            guard !isStopping() else { throw CommandFailure(.inputOutput, "the broker is ending") }
            count += 1
            switch action {
            case .count: break
            case .list: try emit(RetainedItem(line: RetainedLine(message)))
            case .get: try emit(RetainedItem(message: try Self.record(message)))
            case .remove:
                cleared.append(message.topic)
                if cleared.count >= Self.clearedTopicsMax { try clearGathered() }
            }
        }
        try clearGathered()
        return count
    }

    /// The record of a message; its names were checked when it came in.
    static func record(_ message: RetainedMessage) throws(CommandFailure) -> MessageRecord {
        guard let record = MessageRecord(message) else {
            throw CommandFailure(
                .damagedStore,
                "a message's topic, names or properties are none of MQTT: run latch verify on the store"
            )
        }
        return record
    }
}
