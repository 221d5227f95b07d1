import Glibc
import RetainedStore

/// Notes in a store's lock file by which signal this process dies, so that the next start knows whether to look at the index
/// first.
enum CrashHandler {
    /// Installs the handler; once, when the store is open.
    static func install(for location: StoreLocation) throws(StoreError) {
        noteDescriptor = try CrashNote.openForWriting(at: location)
        for signal in CrashNote.signals {
            var action = sigaction()
            action.sa_flags = SA_SIGINFO | Int32(SA_NODEFER)
            // Only what signal-safety(7) allows; and then what was there before, the default or a debugger's.
            action.__sigaction_handler.sa_sigaction = { signal, information, _ in
                var byte = UInt8(truncatingIfNeeded: signal)
                _ = pwrite(noteDescriptor, &byte, 1, 0)
                sigaction(signal, previousActions + Int(signal), nil)
                // A fault is met again when the access is tried again; a signal that was sent has to be sent again.
                if (information?.pointee.si_code ?? 0) <= 0 { raise(signal) }
            }
            sigaction(signal, &action, previousActions + Int(signal))
        }
    }
}

/// Where the handler writes: set before the handler is installed, and never again.
private nonisolated(unsafe) var noteDescriptor: Int32 = -1

/// What each signal did before; as `noteDescriptor`.
private nonisolated(unsafe) let previousActions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
