import ArgumentParser
import MQTTWire
import Mosquitto
import RetainedStore

/// Where retained messages are looked at: in a store, with its key, whether a broker has it open or nobody; or in any broker, as one of
/// its users.
struct RetainedPlace: ParsableArguments {
    @Argument(help: "A store's directory, or mqtt://[USER@]HOST[:PORT] for a broker's user.")
    var place: String

    @Option(help: "A file with the password of the broker's user.")
    var passwordFile: String?

    @OptionGroup var keys: KeyOptions

    /// Does something with the messages that a filter matches.
    ///
    /// - Parameter emit: Gets the messages as they are found; for `count`, none.
    /// - Returns: How many there are.
    func perform(
        _ action: RetainedRequest.Action,
        _ filter: TopicFilter,
        _ emit: (RetainedItem) throws(CommandFailure) -> Void = { _ in }
    ) throws(CommandFailure) -> Int {
        if place.contains("://") { return try performAsUser(action, filter, emit) }
        try ProcessProtection.beforeKeys()
        let access = StoreAccess(place, keys: keys, for: "retained \(action.rawValue)", environment: Environment.value)
        if let inquiry = try RetainedInquiry(access) { return try inquiry.perform(action, filter, emit) }
        return try access.keepingOwner { () throws(CommandFailure) in try performAtRest(access, action, filter, emit) }
    }

    /// The messages' lines or topics in the order of their topics.
    func sorted<Value>(
        _ action: RetainedRequest.Action,
        _ filter: TopicFilter,
        by topic: (Value) -> String,
        _ value: (RetainedItem) -> Value?
    ) throws(CommandFailure) -> [Value] {
        var values: [Value] = []
        _ = try perform(action, filter) { item in
            if let value = value(item) { values.append(value) }
        }
        // As bytes, so that every machine has the same order.
        return values.sorted { topic($0).utf8.lexicographicallyPrecedes(topic($1).utf8) }
    }

    private func performAtRest(
        _ access: StoreAccess,
        _ action: RetainedRequest.Action,
        _ filter: TopicFilter,
        _ emit: (RetainedItem) throws(CommandFailure) -> Void
    ) throws(CommandFailure) -> Int {
        let store = try access.open()
        let count: Int
        do throws(CommandFailure) {
            let writer = try CommandFailure.ofStore { () throws(StoreError) in try store.makeWriter() }
            let search = RetainedSearch(store: store, limits: StoreSource.limits) { (topics) throws(CommandFailure) in
                var batch = MessageBatch()
                for topic in topics { batch.append(RetainedMessage(topic: topic, payload: [], qos: 1)) }
                try CommandFailure.ofStore { () throws(StoreError) in try batch.commit(to: writer, isClearing: true) }
            }
            count = try search.perform(action, filter, emit)
        } catch {
            try? store.close()
            throw error
        }
        try CommandFailure.ofStore { () throws(StoreError) in try store.close() }
        return count
    }

    /// What the user may read, and, for `remove`, write.
    private func performAsUser(
        _ action: RetainedRequest.Action,
        _ filter: TopicFilter,
        _ emit: (RetainedItem) throws(CommandFailure) -> Void
    ) throws(CommandFailure) -> Int {
        let broker = try LiveBroker(url: place, passwordFile: passwordFile)
        defer { broker.disconnect() }
        var topics: [[UInt8]] = []
        try broker.takeRetained([filter]).forEach { (item) throws(CommandFailure) in
            guard case .message(let message) = item else { return }
            topics.append(message.topic)
            switch action {
            case .count, .remove: break
            case .list: try emit(RetainedItem(line: RetainedLine(message)))
            case .get: try emit(RetainedItem(message: try RetainedSearch.record(message)))
            }
        }
        guard action == .remove else { return topics.count }
        let report = try broker.give { (give) throws(CommandFailure) in
            for topic in topics { try give(RetainedMessage(topic: topic, payload: [], qos: 1)) }
        }
        guard report.refusedCount == 0 else {
            throw CommandFailure(
                .inputOutput,
                "the broker refused to clear \(report.refusedCount) of \(topics.count) topics: connect as a user who may write there"
            )
        }
        for topic in topics { try emit(RetainedItem(topic: String(decoding: topic, as: UTF8.self))) }
        return topics.count
    }
}
