import Glibc

/// Takes the process's signals on a thread of its own, in order, with sigwait(3): nothing runs in a signal handler.
///
/// SIGRTMIN is among them, as mosquitto has it for reopening the log, and no signal library for Swift knows it.
enum SignalThread {
    /// What a signal asks for, with mosquitto's meanings.
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

    /// Blocks the signals in the calling thread and in every thread that it starts later: call it first.
    static func block() {
        var set = signalSet()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A client that went away must not end the process.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Calls `handle` for every signal, one after the other, until the process ends.
    static func start(_ handle: @escaping @Sendable (Request) -> Void) {
        let box = Unmanaged.passRetained(Handler(handle))
        var thread = pthread_t()
        let result = pthread_create(
            &thread,
            nil,
            { context in
                let handler = Unmanaged<Handler>.fromOpaque(context!).takeRetainedValue()
                SignalThread.run(handler.handle)
                return nil
            },
            box.toOpaque()
        )
        precondition(result == 0, "no thread for signals could be started: \(result)")
        pthread_detach(thread)
    }

    private final class Handler: Sendable {
        let handle: @Sendable (Request) -> Void
        init(_ handle: @escaping @Sendable (Request) -> Void) { self.handle = handle }
    }

    private static func run(_ handle: @Sendable (Request) -> Void) {
        var set = signalSet()
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            switch number {
            case SIGTERM, SIGINT: handle(.terminate)
            case SIGHUP: handle(.reload)
            case SIGUSR1: handle(.checkpoint)
            case realTimeMinimum: handle(.reopenLog)
            default: break
            }
        }
    }

    private static let realTimeMinimum = __libc_current_sigrtmin()

    private static func signalSet() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, realTimeMinimum] {
            sigaddset(&set, number)
        }
        return set
    }
}
