import Glibc
import Testing

@testable import LatchCommands

/// A directory of one test; gone when the test is.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/latch-commands-XXXXXX".utf8CString)
        path = try template.withUnsafeMutableBufferPointer { String(cString: try #require(mkdtemp($0.baseAddress!))) }
    }

    deinit { Directory.remove(path) }

    /// The path of a file in it.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file in it and returns its path.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o600) throws -> String {
        let path = file(name)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        return path
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    /// The text of a file in it; empty if there is none.
    func text(_ name: String) -> String {
        guard let stream = fopen(file(name), "re") else { return "" }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var byte = getc(stream)
        while byte != EOF {
            bytes.append(UInt8(truncatingIfNeeded: byte))
            byte = getc(stream)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The permission bits of a file in it.
    func mode(_ name: String) throws -> mode_t {
        var status = stat()
        try #require(stat(file(name), &status) == 0)
        return status.st_mode & 0o7777
    }
}
