import Glibc

/// The service manager that started this process, told through its socket how the broker is (sd_notify(3)).
///
/// systemd waits for READY=1 before it starts what comes behind (`Type=notify`), and ends and restarts a broker that
/// says nothing for `WatchdogSec`.
final class ServiceManager: Sendable {
    /// What is said, in the manager's words.
    enum State: String {
        case ready = "READY=1"
        case stopping = "STOPPING=1"
        case alive = "WATCHDOG=1"
        case storeFailed = "STATUS=The store has failed: no retained message is taken any more; the log says why."
    }

    /// How often the manager wants to hear that the broker is alive; twice as often as it gives up. `nil`: not at all.
    let watchdogInterval: Duration?
    private let descriptor: Int32
    // Written in init only; a socket address is plain memory.
    private let path: [UInt8]

    /// - Parameter environment: Where `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` are found.
    /// - Returns: `nil` where no manager waits, or its socket is not one of this kind.
    init?(environment: (String) -> String?) {
        guard let address = environment("NOTIFY_SOCKET"), address.utf8.count > 1 else { return nil }
        var path = Array(address.utf8)
        // A name of the abstract kind begins with a zero byte, which an environment cannot hold.
        if path[0] == UInt8(ascii: "@") { path[0] = 0 } else if path[0] != UInt8(ascii: "/") { return nil }
        guard path.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        self.path = path
        let isForUs = environment("WATCHDOG_PID").map { Int32($0) == getpid() } ?? true
        watchdogInterval =
            environment("WATCHDOG_USEC").flatMap(Int64.init).flatMap { $0 > 0 && isForUs ? .microseconds($0 / 2) : nil }
    }

    deinit {
        close(descriptor)
    }

    /// Says something; a manager that cannot be reached is none.
    func tell(_ state: State) {
        tell(state.rawValue)
    }

    /// Says that the configuration is being read again, before ``State/ready`` says that it has been.
    func tellReloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        tell("RELOADING=1\nMONOTONIC_USEC=\(Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000)")
    }

    private func tell(_ text: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        // The length tells an abstract name from a longer one with zeros behind it.
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path)! + path.count)
        let bytes = Array(text.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
