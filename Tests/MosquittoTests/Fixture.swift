import Glibc
import Testing

/// A file under `Fixtures/`, found from the place of this source file.
struct Fixture: CustomTestStringConvertible {
    /// Relative to `Fixtures/`.
    let name: String

    var testDescription: String { name }

    var path: String { "\(Self.root)/\(name)" }

    private static var root: String {
        let levels = #filePath.split(separator: "/").dropLast(3)
        return "/" + levels.joined(separator: "/") + "/Fixtures"
    }

    func bytes() throws -> [UInt8] {
        let file = try #require(fopen(path, "r"), "\(path)")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var byte = getc(file)
        while byte != EOF {
            bytes.append(UInt8(truncatingIfNeeded: byte))
            byte = getc(file)
        }
        return bytes
    }

    /// What the first line of a broken file says about it: `# Refused at line N: MESSAGE`, with the file called `FILE`.
    func refusal() throws -> String {
        let firstLine = try #require(try bytes().split(separator: UInt8(ascii: "\n")).first)
        let text = String(decoding: firstLine, as: UTF8.self)
        let prefix = "# Refused at line "
        try #require(text.hasPrefix(prefix), "\(name) does not say how it is refused")
        return "FILE:" + text.dropFirst(prefix.count)
    }

    /// The files of a directory under `Fixtures/`.
    static func all(in directory: String) -> [Fixture] {
        guard let stream = opendir("\(root)/\(directory)") else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted().map { Fixture(name: "\(directory)/\($0)") }
    }
}
