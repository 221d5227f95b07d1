internal import CWriteRecorder
internal import Glibc
internal import Synchronization

/// Leads what a process does to the files of certain directories to the simulated disks that follow them.
///
/// Files are known by their names, which the kernel tells of every descriptor: so a file that is made, or that takes
/// another's place, needs no registration.
enum WriteWatch {
    private struct File {
        var disk: SimulatedDisk
        /// Within the disk's directory; empty for the directory itself.
        var name: String
        /// Whether the name is another file's by now, or nobody's.
        var isUnlinked = false
    }

    private static let disks = Mutex<[String: SimulatedDisk]>([:])
    private static let listeners = Mutex<[String: @Sendable (FileOperation) -> Void]>([:])
    private static let unlinkedMark = " (deleted)"

    /// From here on, the disk hears of what is done to the files of a directory.
    static func add(_ directory: String, _ disk: SimulatedDisk) {
        disks.withLock { $0[directory] = disk }
        begin()
    }

    /// From here on, `body` hears of what is done to the files of a directory, in the thread that does it; nil: no longer.
    static func listen(_ directory: String, _ body: (@Sendable (FileOperation) -> Void)?) {
        listeners.withLock { $0[directory] = body }
        begin()
    }

    private static func begin() {
        write_recorder_set(
            { operation, descriptor, bytes, count, offset in
                WriteWatch.tell(operation, descriptor)
                guard let file = WriteWatch.file(descriptor) else { return 0 }
                switch UInt32(operation) {
                case WRITE_RECORDER_WRITE.rawValue:
                    let buffer = UnsafeRawBufferPointer(start: bytes, count: count)
                    return file.disk.watchedWrite(file.name, isUnlinked: file.isUnlinked, buffer, at: offset)
                case WRITE_RECORDER_TRUNCATE.rawValue:
                    return file.disk.watchedTruncation(file.name, to: offset)
                default:
                    return file.disk.watchedSync(file.name, isUnlinked: file.isUnlinked)
                }
            },
            { path, newPath in
                guard let path else { return 0 }
                WriteWatch.tell(rename: String(cString: path), to: newPath.map { String(cString: $0) })
                guard let file = WriteWatch.file(String(cString: path)) else { return 0 }
                let newName = newPath.flatMap { WriteWatch.file(String(cString: $0))?.name }
                return file.disk.watchedRename(file.name, to: newName)
            }
        )
    }

    static func remove(_ directory: String) {
        disks.withLock { $0[directory] = nil }
    }

    private static func tell(_ operation: Int32, _ descriptor: Int32) {
        guard listeners.withLock({ !$0.isEmpty }), let path = path(of: descriptor) else { return }
        let isSync = UInt32(operation) == WRITE_RECORDER_SYNC.rawValue
        tell(path) { isSync ? .sync($0) : .write($0) }
    }

    private static func tell(rename path: String, to newPath: String?) {
        tell(path) { name in
            .rename(name, to: newPath.map { String($0.dropFirst(path.utf8.count - name.utf8.count)) })
        }
    }

    private static func tell(_ path: String, _ operation: (String) -> FileOperation) {
        for (directory, body) in listeners.withLock({ $0 }) where path.hasPrefix(directory + "/") {
            body(operation(String(path.dropFirst(directory.utf8.count + 1))))
        }
    }

    private static func file(_ descriptor: Int32) -> File? { path(of: descriptor).flatMap { file($0) } }

    private static func path(of descriptor: Int32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink("/proc/self/fd/\(descriptor)", start, buffer.count)
            guard count > 0 else { return nil }
            return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    private static func file(_ path: String) -> File? {
        for (directory, disk) in disks.withLock({ $0 }) where path.hasPrefix(directory) {
            if path == directory { return File(disk: disk, name: "") }
            guard path.utf8.dropFirst(directory.utf8.count).first == UInt8(ascii: "/") else { continue }
            var name = String(path.dropFirst(directory.count + 1))
            let isUnlinked = name.hasSuffix(unlinkedMark)
            if isUnlinked { name.removeLast(unlinkedMark.count) }
            guard StoreImage.isWatched(name) else { continue }
            return File(disk: disk, name: name, isUnlinked: isUnlinked)
        }
        return nil
    }
}
