import Glibc
import RetainedStore

/// The disk below the store: whether there is room, and whether its sync can be believed.
struct DiskCheck {
    private static let freeShareMin = 0.1
    private static let freeBytesMin: UInt64 = 1 << 30
    /// Syncs are tried until there are so many, or for so long: what is fast is tried often, as a busy machine makes most of them
    /// slow.
    private static let syncCountMax = 500
    private static let syncTrialNanoseconds: UInt64 = 100_000_000
    /// No disk that keeps what it is given answers faster; one that does keeps it in memory.
    private static let syncNanosecondsMin: UInt64 = 15_000

    let directory: String
    let sync: SyncPolicy

    func findings() -> [Finding] {
        var place = directory
        while !Directory.exists(place), place != "/", place != "." { place = Directory.parent(of: place) }
        return room(place) + syncing(place) + policy()
    }

    private func room(_ place: String) -> [Finding] {
        var status = statvfs()
        guard statvfs(place, &status) == 0, status.f_blocks > 0 else { return [] }
        let blockBytes = UInt64(status.f_frsize)
        return Self.room(
            place,
            freeBytes: UInt64(status.f_bavail) * blockBytes,
            totalBytes: UInt64(status.f_blocks) * blockBytes
        )
    }

    /// What the free space of a file system means; `totalBytes` above 0.
    static func room(_ place: String, freeBytes free: UInt64, totalBytes: UInt64) -> [Finding] {
        let share = Double(free) / Double(totalBytes)
        let text = "\(LoadReport.grouped(Int(free >> 20))) MiB free, \(Int(share * 100)) %"
        guard free >= freeBytesMin, share >= freeShareMin else {
            return [
                .problem(
                    "disk",
                    "\(place) is nearly full: \(text); retained messages are refused when it is full",
                    remedy: "make room, or move persistence_location"
                )
            ]
        }
        return [.fine("disk", text)]
    }

    /// Writes and syncs a small file a few times: what comes back too fast has not been to a disk.
    private func syncing(_ place: String) -> [Finding] {
        let path = "\(place)/.latch-doctor-\(getpid())"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            return [
                .warning(
                    "sync",
                    "\(place) cannot be written by this account: \(String(cString: strerror(errno)))",
                    remedy: "run the doctor as the account of the broker"
                )
            ]
        }
        defer {
            close(descriptor)
            unlink(path)
        }
        let block = [UInt8](repeating: 0x5A, count: 4096)
        var durations: [UInt64] = []
        let end = LoadClock.now() + Self.syncTrialNanoseconds
        while durations.count < Self.syncCountMax, durations.isEmpty || LoadClock.now() < end {
            let start = LoadClock.now()
            guard pwrite(descriptor, block, block.count, 0) == block.count, fdatasync(descriptor) == 0 else {
                return [
                    .problem(
                        "sync",
                        "\(place): fdatasync fails: \(String(cString: strerror(errno)))",
                        remedy: "another file system: nothing can be kept safe on this one"
                    )
                ]
            }
            durations.append(LoadClock.now() &- start)
        }
        return Self.sync(place, fastestNanoseconds: durations.min() ?? 0)
    }

    /// What the time that the fastest of several syncs took means: whatever else a machine does makes them slower, never faster.
    static func sync(_ place: String, fastestNanoseconds fastest: UInt64) -> [Finding] {
        let text = "the fastest fdatasync takes \(LoadReport.fixed(Double(fastest) / 1_000, digits: 0)) µs"
        guard fastest >= syncNanosecondsMin else {
            return [
                .warning(
                    "sync",
                    "\(text) in \(place), which no disk does: it lies in memory, or something in between lies",
                    remedy:
                        "put the store on a disk, and switch off eatmydata, nobarrier and unsafe caching of virtual machines"
                )
            ]
        }
        return [.fine("sync", text)]
    }

    private func policy() -> [Finding] {
        switch sync {
        case .always: []
        case .interval, .none:
            [
                .warning(
                    "durability",
                    "acknowledged messages may be lost when the power fails",
                    remedy: "persistence_sync always, or leave it out"
                )
            ]
        }
    }
}
