import Glibc

/// How much memory this process has for itself.
enum ProcessMemory {
    /// Bytes in RAM that are no file's: `RssAnon` of proc(5); 0 where the kernel does not say.
    static func anonymousBytes() -> Int {
        guard let text = try? RecordFile.text(path: "/proc/self/status"),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") }),
            let kibibytes = line.split(separator: " ", omittingEmptySubsequences: true).dropFirst().first
                .flatMap({ Int($0) })
        else { return 0 }
        return kibibytes << 10
    }
}
