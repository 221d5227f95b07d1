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

    /// What was read off the machine.
    struct Readings: Sendable {
        /// Open files of this process, at the most.
        var openFiles: UInt64
        /// Bytes that it may lock into memory.
        var lockedBytes: UInt64
        /// Bytes of addresses that it may have.
        var addressBytes: UInt64
        /// Seconds since 1970.
        var clockSeconds: Int

        /// As they are now.
        static var current: Readings {
            Readings(
                openFiles: limit(RLIMIT_NOFILE),
                lockedBytes: limit(__RLIMIT_MEMLOCK),
                addressBytes: limit(RLIMIT_AS),
                clockSeconds: time(nil)
            )
        }

        private static func limit(_ resource: __rlimit_resource) -> UInt64 {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return .max }
            return UInt64(limit.rlim_cur)
        }
    }

    static func findings(_ readings: Readings = .current) -> [Finding] {
        openFiles(readings.openFiles) + lockedMemory(readings.lockedBytes) + addressSpace(readings.addressBytes)
            + clock(readings.clockSeconds)
    }

    private static func openFiles(_ files: UInt64) -> [Finding] {
        [
            files >= openFilesMin
                ? .fine("open files", "\(files)")
                : .warning(
                    "open files",
                    "the limit is \(files), and each client takes one",
                    remedy: "LimitNOFILE=65536 in a unit, ulimits in a compose file, or ulimit -n"
                )
        ]
    }

    private static func lockedMemory(_ locked: UInt64) -> [Finding] {
        [
            locked >= lockedBytesMin
                ? .fine("locked memory", "\(locked == .max ? "unlimited" : "\(locked >> 20) MiB")")
                : .warning(
                    "locked memory",
                    "the limit is \(locked >> 10) KiB: keys may be swapped to disk",
                    remedy: "LimitMEMLOCK=64M in a unit, ulimits in a compose file, or encrypt the swap"
                )
        ]
    }

    /// The index's map, and as much again for everything else.
    private static func addressSpace(_ bytes: UInt64) -> [Finding] {
        let mapBytes = UInt64(StoreLimits().mapBytes)
        guard bytes < 2 * mapBytes else {
            return [.fine("address space", bytes == .max ? "unlimited" : "\(bytes >> 30) GiB")]
        }
        return [
            .problem(
                "address space",
                "the limit is \(bytes >> 20) MiB, and the index's map reserves \(mapBytes >> 30) GiB of addresses (not of memory)",
                remedy: "ulimit -v unlimited"
            )
        ]
    }

    private static func clock(_ seconds: Int) -> [Finding] {
        guard seconds >= clockSecondsMin else {
            return [
                .problem(
                    "clock",
                    "it is behind the making of this program: messages would expire late, certificates and tokens fail",
                    remedy: "set it, and run a time service"
                )
            ]
        }
        return [.fine("clock", "plausible")]
    }
}
