import Mosquitto
import RetainedStore

/// Takes the messages of a source into a store.
///
/// The source is read twice: first to know what is in it, so that nothing is written from a damaged one unasked; then to
/// take it over. What the store has already stays untouched, so that the same import again changes nothing.
struct ImportRun {
    /// Unusable messages that are listed one by one.
    private static let unusableListedMax = 20

    let source: any MessageSource
    let selection: MessageSelection
    let isReplacing: Bool
    let nowSeconds: UInt64

    private(set) var tally = ImportTally()
    private(set) var unusable: [String] = []

    init(source: any MessageSource, selection: MessageSelection, isReplacing: Bool, nowSeconds: UInt64) {
        self.source = source
        self.selection = selection
        self.isReplacing = isReplacing
        self.nowSeconds = nowSeconds
    }

    /// Reads the source and counts what is in it.
    ///
    /// - Returns: what is damaged, one sentence a place.
    mutating func survey() throws(CommandFailure) -> [String] {
        var unreadable: [String] = []
        try source.forEach { (item) throws(CommandFailure) in
            tally.found += 1
            if case .unreadable(let reason) = item { unreadable.append(reason) }
        }
        return source.damage + unreadable
    }

    /// Compares with a store, and takes over what it has not.
    ///
    /// - Parameters:
    ///   - store: `nil`: one that does not exist yet.
    ///   - isDryRun: Whether nothing is written.
    mutating func transfer(
        to store: RetainedStore?,
        isDryRun: Bool,
        progress: inout ProgressLine
    ) throws(CommandFailure) {
        let found = tally.found
        tally = ImportTally()
        let ports = try store.map { (store) throws(CommandFailure) in try Self.ports(of: store) }
        var batch = MessageBatch()
        try source.forEach { (item) throws(CommandFailure) in
            tally.found += 1
            progress.show(done: tally.found, total: found, of: "messages")
            guard let message = usable(item) else { return }
            switch try present(message, ports?.reader) {
            case .same?: tally.unchanged += 1
            case .other? where !isReplacing: tally.kept += 1
            case .other?, nil:
                tally.imported += 1
                guard !isDryRun, let writer = ports?.writer else { return }
                batch.append(message)
                if batch.isFull { try Self.commit(&batch, to: writer) }
            }
        }
        if let writer = ports?.writer { try Self.commit(&batch, to: writer) }
        precondition(tally.addsUp, "a message was counted twice or not at all")
    }

    /// The message of an item that is to be taken, everything else being counted.
    private mutating func usable(_ item: SourceItem) -> RetainedMessage? {
        switch item {
        case .unreadable(let reason):
            count(unusable: reason)
            return nil
        case .message(let message):
            if let problem = message.problem {
                count(unusable: "message \(tally.found): \(problem)")
                return nil
            }
            if !selection.includes(message.topic) {
                tally.leftOut += 1
                return nil
            }
            if message.isExpired(at: nowSeconds) {
                tally.expired += 1
                return nil
            }
            return message
        }
    }

    private mutating func count(unusable reason: String) {
        tally.unusable += 1
        if unusable.count < Self.unusableListedMax { unusable.append(reason) }
    }

    // MARK: - The store

    private enum Presence {
        case same
        case other
    }

    private func present(_ message: RetainedMessage, _ reader: StoreReader?) throws(CommandFailure) -> Presence? {
        guard let reader else { return nil }
        var presence: Presence?
        try CommandFailure.ofStore { () throws(StoreError) in
            try message.topic.span.withUnsafeBytes { (topic) throws(StoreError) in
                _ = try reader.get(topic: topic, now: nowSeconds) { view in
                    presence = RetainedMessage(view).isSame(as: message) ? .same : .other
                }
            }
        }
        return presence
    }

    private static func ports(
        of store: RetainedStore
    ) throws(CommandFailure) -> (reader: StoreReader, writer: StoreWriter) {
        try CommandFailure.ofStore { () throws(StoreError) in (try store.makeReader(), try store.makeWriter()) }
    }

    private static func commit(_ batch: inout MessageBatch, to writer: StoreWriter) throws(CommandFailure) {
        try CommandFailure.ofStore { () throws(StoreError) in try batch.commit(to: writer) }
    }
}
