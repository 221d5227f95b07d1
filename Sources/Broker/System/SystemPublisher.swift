import MQTTProtocol
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import RetainedStore

/// Publishes `$SYS` at its interval: one of the event loops asks all of them what they have counted.
///
/// It belongs to that loop.
final class SystemPublisher {
    private let loop: BrokerLoop
    private let store: RetainedStore
    private let startMilliseconds: UInt64
    private var loads = SystemLoads()
    private var heap = HeapUse()
    private var retained = RetainedTotals()
    private var isCounting = false
    /// Whether the loop may still be told of a count: it is gone soon after it has stopped.
    private let takesCounts = NIOLockedValueBox(true)
    private var sessionsMaximum = 0
    private var lastMilliseconds: UInt64
    private var task: RepeatedTask?
    /// What has been gathered so far, and how many loops have yet to answer.
    private var gathered = LoopCounters()
    private var missingCount = 0

    init(loop: BrokerLoop) {
        self.loop = loop
        store = loop.environment.store
        startMilliseconds = loop.now
        lastMilliseconds = loop.now
    }

    /// - Parameter seconds: The interval, above 0.
    func start(everySeconds seconds: Int) {
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        task = loop.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .seconds(Int64(seconds))) { _ in
            bound.value.gather()
        }
    }

    func stop() {
        takesCounts.withLockedValue { $0 = false }
        task?.cancel()
        task = nil
    }

    private func gather() {
        // A loop that is busy for a whole interval is left in peace.
        guard missingCount == 0, !isCounting, let directory = loop.directory else { return }
        gathered = LoopCounters()
        missingCount = directory.count
        let home = loop.number
        for number in 0..<directory.count {
            directory.execute(on: number) { other in
                let counters = other.currentCounters()
                directory.execute(on: home) { $0.systemPublisher?.answered(counters) }
            }
        }
    }

    private func answered(_ counters: LoopCounters) {
        gathered += counters
        missingCount -= 1
        if missingCount == 0 { count() }
    }

    /// Has the retained messages counted, which looks into the index and so belongs to another thread.
    private func count() {
        guard let directory = loop.directory else { return }
        isCounting = true
        let home = loop.number
        let store = store
        let takesCounts = takesCounts
        NIOSingletons.posixBlockingThreadPool.submit { state in
            let totals = state == .active ? try? store.countRetained() : nil
            takesCounts.withLockedValue { isTaken in
                if isTaken { directory.execute(on: home) { $0.systemPublisher?.counted(totals) } }
            }
        }
    }

    /// - Parameter totals: nil: they could not be counted, and are as they were.
    private func counted(_ totals: RetainedTotals?) {
        isCounting = false
        if let totals { retained = totals }
        publish()
    }

    private func publish() {
        let now = loop.now
        loads.update(gathered, afterSeconds: Double(now - lastMilliseconds) / 1_000)
        lastMilliseconds = now
        let counts = loop.router.withLock { state in
            (
                state.places.count, state.subscriptions.subscriptionCount,
                state.subscriptions.sharedSubscriptionCount
            )
        }
        sessionsMaximum = max(sessionsMaximum, counts.0)
        heap.measure()
        let report = SystemReport(
            counters: gathered,
            uptimeSeconds: Int((now - startMilliseconds) / 1_000),
            sessions: counts.0,
            sessionsMaximum: sessionsMaximum,
            subscriptions: counts.1,
            sharedSubscriptions: counts.2,
            store: store.statistics,
            retained: retained,
            heap: heap,
            loads: loads,
            version: loop.environment.version
        )
        let changed = loop.environment.systemTopics.update(report.values)
        let number = loop.number
        // Not through a batch: what is retained there goes into the store.
        let loops = loop.router.withLock { state in
            for (topic, value) in changed {
                let topic = Array(topic.utf8)
                topic.withUnsafeBytes { state.match($0, publisher: nil) }
                guard state.matches.count > 0 else { continue }
                let publication = Publication(topic: topic, payload: Array(value.utf8), isRetained: true)
                for position in 0..<state.matches.count {
                    let match = state.matches[position]
                    guard let home = state.places.home(of: match.handle) else { continue }
                    state.mailboxes[home].append(RoutedPublication(publication: publication, match: match))
                }
            }
            return state.loopsToWake(from: number)
        }
        loop.wake(loops)
        loop.finishTurn()
    }
}
