import ArgumentParser
import MQTTWire
import Mosquitto
import RetainedStore

/// Where retained messages are looked at: a store that no broker has open, with its key; or a broker, as one of its users.
struct RetainedPlace: ParsableArguments {
    @Argument(help: "A store's directory, or mqtt://[USER@]HOST[:PORT] for a broker that runs.")
    var place: String

    @Option(help: "A file with the password of the broker's user.")
    var passwordFile: String?

    @OptionGroup var keys: KeyOptions

    private var isBroker: Bool { place.contains("://") }

    /// The messages that a filter matches, in the order of their topics.
    func messages(_ filter: TopicFilter) throws -> [RetainedMessage] {
        if isBroker {
            let broker = try LiveBroker(url: place, passwordFile: passwordFile)
            defer { broker.disconnect() }
            return try Self.sorted(try broker.takeRetained([filter]))
        }
        return try withStore { store in try Self.sorted(StoreSource(store, selection: MessageSelection([filter]))) }
    }

    /// Clears topics.
    func clear(_ messages: [RetainedMessage]) throws {
        let clears = messages.map { RetainedMessage(topic: $0.topic, payload: [], qos: 1) }
        if isBroker {
            let broker = try LiveBroker(url: place, passwordFile: passwordFile)
            defer { broker.disconnect() }
            let report = try broker.give { (give) throws(CommandFailure) in
                for clear in clears { try give(clear) }
            }
            guard report.refusedCount == 0 else {
                throw CommandFailure(
                    .inputOutput,
                    "the broker refused to clear \(report.refusedCount) of \(clears.count) topics: connect as a user who may write there"
                )
            }
            return
        }
        try withStore { store in
            let writer = try CommandFailure.ofStore { () throws(StoreError) in try store.makeWriter() }
            var batch = MessageBatch()
            for clear in clears {
                batch.append(clear)
                if batch.isFull {
                    try CommandFailure.ofStore { () throws(StoreError) in try batch.commit(to: writer, isClearing: true)
                    }
                }
            }
            try CommandFailure.ofStore { () throws(StoreError) in try batch.commit(to: writer, isClearing: true) }
        }
    }

    private func withStore<Result>(_ body: (RetainedStore) throws -> Result) throws -> Result {
        try ProcessProtection.beforeKeys()
        let store = try StoreAccess(place, keys: keys, environment: Environment.value).open()
        let result: Result
        do {
            result = try body(store)
        } catch {
            try? store.close()
            throw error
        }
        try CommandFailure.ofStore { () throws(StoreError) in try store.close() }
        return result
    }

    private static func sorted(_ source: some MessageSource) throws -> [RetainedMessage] {
        var messages: [RetainedMessage] = []
        try source.forEach { (item) throws(CommandFailure) in
            if case .message(let message) = item { messages.append(message) }
        }
        return messages.sorted { $0.topic.lexicographicallyPrecedes($1.topic) }
    }
}
