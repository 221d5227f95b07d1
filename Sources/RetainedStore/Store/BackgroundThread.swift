internal import Glibc

/// A thread of the engine's own: for work that blocks on the disk, which no executor's thread may do.
final class BackgroundThread: @unchecked Sendable {
    // `thread` is written by `init` alone; `join` is called once, by whoever closes the store.
    private var thread: pthread_t = 0

    /// Starts a thread.
    ///
    /// - Parameter name: At most 15 bytes, as `top -H` shows them.
    init(name: String, _ body: @escaping @Sendable () -> Void) throws(EnvironmentError) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                BackgroundThread.setName(start.name)
                start.body()
                return nil
            },
            start.toOpaque()
        )
        if code != 0 {
            start.release()
            throw .system(call: "pthread_create", path: nil, errno: code)
        }
    }

    /// Waits for the thread's end.
    func join() {
        pthread_join(thread, nil)
    }

    /// Lets the thread end by itself; instead of ``join()``.
    func detach() {
        pthread_detach(thread)
    }

    /// Names the calling thread, for whoever looks at the process; a name that is not taken changes nothing.
    private static func setName(_ name: String) {
        let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, name, name.utf8.count)
        close(descriptor)
    }

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
