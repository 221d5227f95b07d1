import Synchronization

/// What one namespace retains, and whether more may be.
///
/// It is counted when the namespace is first written to, by a scan of the namespace alone, and kept by differences from then on: before a batch is committed the store is
/// asked for what each of its messages replaces. The lock is held from that question to the end of the commit, so that two event loops cannot
/// both find a topic empty; it is one namespace's, and a batch has one namespace.
///
/// What vanishes without a PUBLISH (expired and swept, shredded) still counts until the namespace is counted again, which a refusal asks for.
final class RetainedQuota: Sendable {
    /// Whether the numbers can be trusted.
    enum Phase {
        /// → `counting` by whoever wants to write.
        case uncounted
        /// An event loop scans the namespace; writers wait. → `counted`, or → `uncounted` if a will was written meanwhile.
        case counting
        case counted
    }

    struct State {
        var phase = Phase.uncounted
        var count = 0
        var bytes = 0
        /// Monotonic milliseconds of the last counting's end, and how long it took.
        var countedAt: UInt64 = 0
        var countingMilliseconds: UInt64 = 0
        /// Whether something was written that the counting may have missed.
        var isDisturbed = false
    }

    /// The first topic level.
    let namespace: [UInt8]
    let limits: RetainedLimits
    private let state = Mutex(State())

    init(namespace: [UInt8], limits: RetainedLimits) {
        self.namespace = namespace
        self.limits = limits
    }

    /// What a writer is to do.
    enum Readiness {
        case ready
        /// Count, then tell ``counted(count:bytes:since:now:)``.
        case mustCount
        /// Somebody counts.
        case wait
    }

    /// Asked before a retained message is acted on.
    func readiness() -> Readiness {
        state.withLock { state in
            switch state.phase {
            case .counted: return .ready
            case .counting: return .wait
            case .uncounted:
                state.phase = .counting
                state.isDisturbed = false
                return .mustCount
            }
        }
    }

    /// The namespace was counted.
    func counted(count: Int, bytes: Int, since start: UInt64, now: UInt64) {
        state.withLock { state in
            state.phase = state.isDisturbed ? .uncounted : .counted
            state.count = count
            state.bytes = bytes
            state.countedAt = now
            state.countingMilliseconds = now - start
        }
    }

    /// What is retained, as far as it was counted.
    var retained: (count: Int, bytes: Int) { state.withLock { ($0.count, $0.bytes) } }

    /// Judges a batch and commits it.
    ///
    /// - Parameters:
    ///   - now: monotonic milliseconds.
    ///   - body: gets what there is, or `nil` where it is not known, and room for what the commit changes.
    func withLock<Result: Sendable>(now: UInt64, _ body: (inout RetainedLedger) -> Result) -> Result {
        state.withLock { state in
            var ledger = RetainedLedger(count: state.count, bytes: state.bytes, limits: limits)
            ledger.isKnown = state.phase == .counted
            let result = body(&ledger)
            if !ledger.isKnown {
                state.isDisturbed = true
            } else {
                state.count = ledger.count
                state.bytes = ledger.bytes
                // Once a while, and seldom where it takes long.
                let rest = max(BrokerLimits.recountMilliseconds, 50 * state.countingMilliseconds)
                if ledger.hasRefused, now >= state.countedAt + rest { state.phase = .uncounted }
            }
            return result
        }
    }
}
