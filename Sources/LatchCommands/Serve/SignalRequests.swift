import Dispatch
import Glibc

/// What signals ask of a running broker, with mosquitto's meanings, one after the other on a queue of their own.
///
/// SIGRTMIN is among them, as mosquitto has it for reopening the log; the lifecycle library knows only the classic signals.
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

    private let sources: [any DispatchSourceSignal]

    /// Calls `handle` for every signal from now on; those that have no meaning here are ignored.
    init(_ handle: @escaping @Sendable (Request) -> Void) {
        let queue = DispatchQueue(label: "latch.signals")
        let meanings: [(number: Int32, request: Request)] = [
            (SIGTERM, .terminate), (SIGINT, .terminate), (SIGHUP, .reload), (SIGUSR1, .checkpoint),
            (__libc_current_sigrtmin(), .reopenLog),
        ]
        sources = meanings.map { meaning in
            let source = DispatchSource.makeSignalSource(signal: meaning.number, queue: queue)
            source.setEventHandler { handle(meaning.request) }
            source.resume()
            return source
        }
        // A client that went away must not end the process, nor must mosquitto's "print the tree".
        signal(SIGPIPE, SIG_IGN)
        signal(SIGUSR2, SIG_IGN)
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
