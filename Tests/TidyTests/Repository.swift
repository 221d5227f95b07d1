import Foundation

/// The tree that these tests stand in.
enum Repository {
    /// The package's directory.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path()

    /// Directories that tools make and git ignores.
    private static let ignored: Set = [".git", ".build", ".swiftpm", "__pycache__"]
    /// In a linked worktree `.git` is a file.
    private static let ignoredFiles: Set = [".git", "Package.resolved"]

    /// Every text file of the tree; files that are not UTF-8 are fixtures in other people's formats.
    static func files() throws -> [SourceFile] {
        var files: [SourceFile] = []
        try walk("", into: &files)
        return files
    }

    private static func walk(_ directory: String, into files: inout [SourceFile]) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: root + directory).sorted() {
            // Beside the directories there is `.git` as a file, in a working tree that shares its repository.
            if ignored.contains(name) { continue }
            let path = directory.isEmpty ? name : directory + "/" + name
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: root + path, isDirectory: &isDirectory)
            if isDirectory.boolValue {
                try walk(path, into: &files)
            } else if !ignoredFiles.contains(path), !name.hasSuffix(".profraw"),
                let text = String(data: try Data(contentsOf: URL(filePath: root + path)), encoding: .utf8)
            {
                files.append(SourceFile(path: path, text: text))
            }
        }
    }
}
