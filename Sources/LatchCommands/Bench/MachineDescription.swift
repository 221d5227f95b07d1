import Glibc

/// What figures were measured on, without which they say nothing.
struct MachineDescription: Codable, Equatable, Sendable {
    var processor: String
    var cores: Int
    var memoryBytes: Int
    var kernel: String
    /// The type of the file system that the stores lie on.
    var fileSystem: String
    /// Median time of one `fdatasync(2)` behind a write of 4 KiB there.
    var syncMilliseconds: Double

    private static let probeCount = 101
    private static let probeBytes = 4_096

    /// Looks at this machine.
    ///
    /// - Parameter directory: where the stores will lie; a file is written there and removed.
    init(directory: String) throws(LoadFailure) {
        processor = Self.field("model name", of: "/proc/cpuinfo") ?? "unknown processor"
        cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        memoryBytes = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
        var name = utsname()
        uname(&name)
        kernel = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        fileSystem = Self.fileSystem(of: directory)
        syncMilliseconds = try Self.syncMilliseconds(directory + "/sync-probe")
    }

    /// The machine in one line.
    var text: String {
        "\(processor), \(cores) cores, \(LoadReport.fixed(Double(memoryBytes) / 1e9, digits: 0)) GB, Linux \(kernel), "
            + "\(fileSystem), one fdatasync of 4 KiB \(LoadReport.fixed(syncMilliseconds, digits: 2)) ms"
    }

    private static func field(_ name: String, of path: String) -> String? {
        let lines = ((try? RecordFile.text(path: path)) ?? nil)?.split(separator: "\n") ?? []
        for line in lines where line.hasPrefix(name) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            return line[line.index(after: colon)...].split(separator: " ").joined(separator: " ")
        }
        return nil
    }

    /// The type of the mount that a directory lies on (`/proc/self/mountinfo`, proc(5)): the last one of the longest path.
    private static func fileSystem(of directory: String) -> String {
        let directory = Directory.absolute(directory) + "/"
        var found = (path: 0, type: "unknown file system")
        for line in ((try? RecordFile.text(path: "/proc/self/mountinfo")) ?? nil)?.split(separator: "\n") ?? [] {
            let fields = line.split(separator: " ")
            guard fields.count > 6, let dash = fields.dropFirst(6).firstIndex(of: "-"), dash + 1 < fields.count else {
                continue
            }
            let mount = fields[4] == "/" ? "/" : fields[4] + "/"
            if directory.hasPrefix(mount), mount.utf8.count >= found.path {
                found = (mount.utf8.count, String(fields[dash + 1]))
            }
        }
        return found.type
    }

    private static func syncMilliseconds(_ path: String) throws(LoadFailure) -> Double {
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path: path, errno: errno) }
        defer {
            close(descriptor)
            unlink(path)
        }
        let block = [UInt8](repeating: 0x5C, count: probeBytes)
        var histogram = LatencyHistogram()
        for _ in 0..<probeCount {
            let start = LoadClock.now()
            // The same place again and again, as in a journal's recycled segment: no metadata changes.
            guard pwrite(descriptor, block, block.count, 0) == block.count, fdatasync(descriptor) == 0 else {
                throw .file(path: path, errno: errno)
            }
            histogram.record(LoadClock.now() - start)
        }
        return Double(histogram.percentile(0.5)) / 1e6
    }
}
