import Glibc

/// The files that `include_dir` reads.
enum IncludeDirectory {
    /// The paths of every `*.conf` in a directory: alphabetically, capitals before small letters where only the case
    /// differs, as mosquitto sorts them.
    static func files(in directory: String) throws(MosquittoFileError) -> [String] {
        guard let stream = opendir(directory) else { throw TextFile.unreadable(directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // The name is a C array inside the entry, which stays valid until the next call.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name.hasSuffix(".conf"), name != ".conf" { names.append(name) }
        }
        return names.sorted(by: precedes).map { "\(directory)/\($0)" }
    }

    static func precedes(_ left: String, _ right: String) -> Bool {
        for (a, b) in zip(left.utf8, right.utf8) where a != b {
            let (upperA, upperB) = (uppercased(a), uppercased(b))
            return upperA == upperB ? a < b : upperA < upperB
        }
        return left.utf8.count < right.utf8.count
    }

    private static func uppercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 0x20 : byte
    }
}
