internal import CWriteRecorder
internal import Glibc
internal import Synchronization

/// Leads what a process does to certain files to the simulated disks that follow them.
enum WriteWatch {
    private struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    private struct Watched {
        var disk: SimulatedDisk
        var number: DiskState.FileNumber
    }

    private static let watched = Mutex<[Identity: Watched]>([:])

    /// From here on, the disk hears of the writes and syncs of the file that is at a path now.
    static func add(_ path: String, _ disk: SimulatedDisk, _ number: DiskState.FileNumber) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        watched.withLock { $0[Identity(status)] = Watched(disk: disk, number: number) }
        write_recorder_set { operation, descriptor, bytes, count, offset in
            guard let watched = WriteWatch.watched(descriptor) else { return 0 }
            switch UInt32(operation) {
            case WRITE_RECORDER_WRITE.rawValue:
                let buffer = UnsafeRawBufferPointer(start: bytes, count: count)
                return watched.disk.watchedWrite(watched.number, buffer, at: offset)
            case WRITE_RECORDER_TRUNCATE.rawValue:
                return watched.disk.watchedTruncation(watched.number, to: offset)
            default:
                return watched.disk.watchedSync(watched.number)
            }
        }
    }

    static func remove(_ disk: SimulatedDisk) {
        watched.withLock { watched in watched = watched.filter { $0.value.disk !== disk } }
    }

    private static func watched(_ descriptor: Int32) -> Watched? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return watched.withLock { $0[Identity(status)] }
    }
}
