import Foundation

/// A directory that is gone with its owner.
final class TemporaryDirectory {
    let path: String

    /// - Parameter isInMemory: Whether it is better in memory, where there is such a file system: for stores that live some
    ///   milliseconds and are synced all the time.
    init(isInMemory: Bool = false) {
        let parents = isInMemory ? ["/dev/shm", "/tmp"] : ["/tmp"]
        for parent in parents {
            var template = Array("\(parent)/retained-store-tests-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { continue }
            path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
            return
        }
        preconditionFailure("no temporary directory")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in it.
    func file(_ name: String) -> String { "\(path)/\(name)" }
}
