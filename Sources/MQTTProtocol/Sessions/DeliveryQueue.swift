/// The messages that wait for a client, within their limits.
struct DeliveryQueue: ~Copyable {
    private var deliveries = RingBuffer<Delivery>()
    /// The payload bytes that wait.
    private(set) var bytes = 0
    /// How many messages have left the queue to be sent, ever.
    private(set) var takenCount: UInt64 = 0
    private let countMax: Int
    private let bytesMax: Int
    /// What this queue shares with others.
    var allowances = QueueAllowances() {
        willSet { allowances.giveBack(bytes) }
        didSet { allowances.take(bytes) }
    }

    /// - Parameters:
    ///   - countMax: `ProtocolLimits.queuedCountMax`; 0 for no limit.
    ///   - bytesMax: `ProtocolLimits.queuedBytesMax`; 0 for no limit.
    init(countMax: Int, bytesMax: Int) {
        self.countMax = countMax == 0 ? .max : countMax
        self.bytesMax = bytesMax == 0 ? .max : bytesMax
    }

    deinit {
        allowances.giveBack(bytes)
    }

    var count: Int { deliveries.count }
    var isEmpty: Bool { deliveries.isEmpty }

    /// Whether no more messages are taken.
    var isFull: Bool { deliveries.count >= countMax || bytes >= bytesMax || allowances.isSpent }

    /// The message that is next.
    ///
    /// The queue must not be empty.
    var first: Delivery {
        _read { yield deliveries[0] }
    }

    mutating func append(_ delivery: Delivery) {
        bytes += delivery.publication.payloadBytes
        allowances.take(delivery.publication.payloadBytes)
        deliveries.append(delivery)
    }

    mutating func popFirst() -> Delivery? {
        guard let delivery = deliveries.popFirst() else { return nil }
        bytes -= delivery.publication.payloadBytes
        allowances.giveBack(delivery.publication.payloadBytes)
        takenCount += 1
        return delivery
    }

    func forEach(_ body: (Delivery) -> Void) {
        for index in 0..<count { body(deliveries[index]) }
    }

    /// Drops the messages that `isRefused` names, and says which; the others keep their order.
    mutating func withdraw(where isRefused: (Publication) -> Bool, _ withdrawn: (Delivery) -> Void) {
        let takenCount = takenCount
        defer { self.takenCount = takenCount }
        for _ in 0..<count {
            guard let delivery = popFirst() else { return }
            if isRefused(delivery.publication) { withdrawn(delivery) } else { append(delivery) }
        }
    }
}
