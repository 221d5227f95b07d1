import Dispatch
import Glibc
import Synchronization

/// What signals ask of a running broker, with mosquitto's meanings, one after the other on a queue of their own.
///
/// SIGRTMIN is among them, as mosquitto has it for reopening the log; the lifecycle library knows only the classic signals.
/// Signals are taken from the moment on that this exists, and kept until somebody answers them: one that comes while the
/// store is being opened neither kills the process nor is lost.
final class SignalRequests {
    enum Request: Sendable {
        /// SIGTERM, SIGINT
        case terminate
        /// SIGHUP
        case reload
        /// SIGUSR1
        case checkpoint
        /// SIGRTMIN
        case reopenLog
    }

    private let queue = DispatchQueue(label: "latch.signals")
    private let inbox = Inbox()
    private let sources: [any DispatchSourceSignal]

    /// Takes signals from now on; those that have no meaning here are ignored.
    init() {
        let meanings: [(number: Int32, request: Request)] = [
            (SIGTERM, .terminate), (SIGINT, .terminate), (SIGHUP, .reload), (SIGUSR1, .checkpoint),
            (__libc_current_sigrtmin(), .reopenLog),
        ]
        sources = meanings.map { [queue, inbox] meaning in
            let source = DispatchSource.makeSignalSource(signal: meaning.number, queue: queue)
            source.setEventHandler { inbox.add(meaning.request) }
            source.resume()
            return source
        }
        // To the end of the process: a source that is let go gives its signal the default meaning back, and one that comes
        // again while the store is being closed would end the process there.
        _ = Unmanaged.passRetained(self)
        // A client that went away must not end the process, nor must mosquitto's "print the tree".
        signal(SIGPIPE, SIG_IGN)
        signal(SIGUSR2, SIG_IGN)
    }

    /// Has every signal answered from now on, beginning with those that came before.
    func answer(_ answer: @escaping @Sendable (Request) -> Void) {
        queue.async { [inbox] in inbox.empty(answer) }
    }

    /// Requests, and who answers them; used on the queue only.
    private final class Inbox: Sendable {
        private struct State {
            var answer: (@Sendable (Request) -> Void)?
            var waiting: [Request] = []
        }

        private let state = Mutex(State())

        func add(_ request: Request) {
            let answer = state.withLock { state in
                if state.answer == nil { state.waiting.append(request) }
                return state.answer
            }
            answer?(request)
        }

        func empty(_ answer: @escaping @Sendable (Request) -> Void) {
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                state.answer = answer
                return state.waiting
            }
            for request in waiting { answer(request) }
        }
    }
}
