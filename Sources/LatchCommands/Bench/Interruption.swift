import Glibc
import Synchronization

/// Turns the first SIGINT or SIGTERM into a request, so that a command that has started brokers ends them and removes
/// their stores; the second one ends the command at once.
struct Interruption {
    private static let requested = Atomic(false)

    init() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in Interruption.requested.store(true, ordering: .relaxed) }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
        for signal in [SIGINT, SIGTERM] { sigaction(signal, &action, nil) }
    }

    var isRequested: Bool { Self.requested.load(ordering: .relaxed) }
}
