import MQTTProtocol
import MQTTWire
import Synchronization

/// Who gets what: the subscriptions of all sessions, where each session lives, and the mailboxes of the event loops.
///
/// ### Ownership
/// Everything here stands under one lock. A batch of publications takes it once; where the batch has retained messages, inside of the store's order lock, so that the journal's
/// order, the order of versions and the order of live delivery are one. Nobody takes the store's lock while holding this one.
final class Router: Sendable {
    struct State: ~Copyable {
        var subscriptions = SubscriptionTrie()
        var places = SessionPlaces()
        var mailboxes: [Mailbox]
        var matches = MatchSet()
        private var requestCount: UInt64 = 0

        init(loopCount: Int) {
            mailboxes = Array(repeating: Mailbox(), count: loopCount)
        }

        /// Puts a message for a loop into its mailbox.
        mutating func post(_ message: LoopMessage, to loop: Int) {
            mailboxes[loop].append(message)
        }

        /// Fills `matches` with who gets a message on `topic`.
        mutating func match(_ topic: UnsafeRawBufferPointer, publisher: SubscriberHandle?) {
            subscriptions.match(topic: topic, publisher: publisher, into: &matches)
        }

        /// Names one more connection that waits for a session.
        mutating func newRequest() -> ClaimRequest {
            requestCount += 1
            return ClaimRequest(number: requestCount)
        }

        /// Moves a session to another loop, with what waits for it.
        mutating func move(_ handle: SubscriberHandle, from: Int, to: Int) {
            places.move(handle, to: to)
            guard from != to else { return }
            var leaving = mailboxes[from]
            leaving.move(handle, to: &mailboxes[to])
            mailboxes[from] = leaving
        }

        /// The loops that must be woken, each once until it has looked into its mailbox.
        mutating func loopsToWake(from current: Int) -> LoopSet {
            var set = LoopSet()
            for loop in mailboxes.indices where loop != current {
                if mailboxes[loop].needsAnnouncement() { set.insert(loop) }
            }
            return set
        }
    }

    private let state: Mutex<State>
    private let storedSessionCount = Atomic<Int>(0)

    init(loopCount: Int) {
        state = Mutex(State(loopCount: loopCount))
    }

    /// Runs `body` under the lock.
    func withLock<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    /// Whether any session outlives the broker: where none does, nothing of what that needs is done.
    @inline(__always)
    var hasStoredSessions: Bool { storedSessionCount.load(ordering: .relaxed) > 0 }

    /// A session outlives the broker from now on: messages for it are written down before they are acknowledged.
    func keep(_ handle: SubscriberHandle, as number: UInt128, isQoSUpgraded: Bool) {
        let isNew = state.withLock { $0.places.setStored(handle, number, isQoSUpgraded: isQoSUpgraded) }
        if isNew { storedSessionCount.add(1, ordering: .relaxed) }
    }

    /// A session ends with the broker, or now.
    func forget(_ handle: SubscriberHandle) {
        let wasStored = state.withLock { $0.places.setStored(handle, nil, isQoSUpgraded: false) }
        if wasStored { storedSessionCount.subtract(1, ordering: .relaxed) }
    }

    /// Takes everything that waits for a loop; the emptied arrays go back in exchange.
    func collect(_ loop: Int, routed: inout [RoutedPublication], messages: inout [LoopMessage]) {
        state.withLock { $0.mailboxes[loop].take(routed: &routed, messages: &messages) }
    }
}
