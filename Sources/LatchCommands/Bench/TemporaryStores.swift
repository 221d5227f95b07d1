import Glibc

/// A directory of a command's own for the stores that it measures; gone when the command ends.
final class TemporaryStores {
    let path: String

    /// - Parameter parent: where to make it; `nil`: in `TMPDIR` or `/tmp`.
    init(in parent: String?) throws(LoadFailure) {
        let parent = parent ?? Environment.value("TMPDIR") ?? "/tmp"
        var template = Array("\(parent)/latch-bench-XXXXXX".utf8CString)
        guard let made = template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) else {
            throw .file(path: parent, errno: errno)
        }
        path = String(cString: made)
    }

    deinit {
        Directory.remove(path)
    }
}
