import Glibc
import RetainedStore

/// The machine and the limits that this process was given: what the broker gets when it is started the same way.
enum MachineCheck {
    /// Each client takes one.
    private static let openFilesMin: UInt64 = 4096
    /// The keys and libcrypto's schedules take a fraction of this.
    private static let lockedBytesMin: UInt64 = 8 << 20
    /// A moment before this program was written: a clock behind it is wrong.
    private static let clockSecondsMin = 1_767_225_600

    static func findings() -> [Finding] {
        var findings: [Finding] = []
        let files = limit(RLIMIT_NOFILE)
        findings.append(
            files >= openFilesMin
                ? .fine("open files", "\(files)")
                : .warning(
                    "open files",
                    "the limit is \(files), and each client takes one",
                    remedy: "LimitNOFILE=65536 in a unit, ulimits in a compose file, or ulimit -n"
                )
        )
        let locked = limit(__RLIMIT_MEMLOCK)
        findings.append(
            locked >= lockedBytesMin
                ? .fine("locked memory", "\(locked == .max ? "unlimited" : "\(locked >> 20) MiB")")
                : .warning(
                    "locked memory",
                    "the limit is \(locked >> 10) KiB: keys may be swapped to disk",
                    remedy: "LimitMEMLOCK=64M in a unit, ulimits in a compose file, or encrypt the swap"
                )
        )
        let space = limit(RLIMIT_AS)
        if space < UInt64(StoreLimits().mapBytes) {
            findings.append(
                .problem(
                    "address space",
                    "the limit is \(space >> 20) MiB, and the index reserves \(StoreLimits().mapBytes >> 30) GiB of addresses (not of memory)",
                    remedy: "ulimit -v unlimited"
                )
            )
        }
        return findings + [clock()]
    }

    private static func clock() -> Finding {
        guard time(nil) >= clockSecondsMin else {
            return .problem(
                "clock",
                "it is behind the making of this program: messages would expire late, certificates and tokens fail",
                remedy: "set it, and run a time service"
            )
        }
        return .fine("clock", "plausible")
    }

    private static func limit(_ resource: __rlimit_resource) -> UInt64 {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return .max }
        return UInt64(limit.rlim_cur)
    }
}
