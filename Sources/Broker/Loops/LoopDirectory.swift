import NIOCore

/// Finds the broker's state of an event loop, from the loop or by its number.
struct LoopDirectory: Sendable {
    private let bound: [NIOLoopBound<BrokerLoop>]
    private let numbers: [ObjectIdentifier: Int]
    private let eventLoops: [any EventLoop]
    private let watches: [JournalWatch]

    /// - Parameter loops: each with its event loop, and with what tells that it waits for the journal.
    init(_ loops: [(eventLoop: any EventLoop, bound: NIOLoopBound<BrokerLoop>, watch: JournalWatch)]) {
        eventLoops = loops.map(\.eventLoop)
        bound = loops.map(\.bound)
        watches = loops.map(\.watch)
        numbers = Dictionary(
            uniqueKeysWithValues: loops.enumerated().map { (ObjectIdentifier($0.element.eventLoop), $0.offset) }
        )
    }

    var count: Int { bound.count }

    func loop(of eventLoop: any EventLoop) -> NIOLoopBound<BrokerLoop> {
        guard let number = numbers[ObjectIdentifier(eventLoop)] else {
            preconditionFailure("a channel runs on an event loop that is not the broker's")
        }
        return bound[number]
    }

    /// Runs `body` on one loop.
    func execute(on number: Int, _ body: @escaping @Sendable (BrokerLoop) -> Void) {
        let loop = bound[number]
        eventLoops[number].execute { body(loop.value) }
    }

    /// Tells the loops that wait for the journal that it is durable further than before.
    func journalProgressed() {
        for number in watches.indices where watches[number].take() {
            execute(on: number) { $0.journalProgressed() }
        }
    }

    /// Runs `body` on one loop, and waits for it.
    func run(on number: Int, _ body: @escaping @Sendable (BrokerLoop) -> Void) async throws {
        let loop = bound[number]
        try await eventLoops[number].submit { body(loop.value) }.get()
    }

    /// Runs `body` on every loop, and waits for all.
    func onEach(_ body: @escaping @Sendable (BrokerLoop) -> Void) async throws {
        for (eventLoop, loop) in zip(eventLoops, bound) {
            try await eventLoop.submit { body(loop.value) }.get()
        }
    }
}
