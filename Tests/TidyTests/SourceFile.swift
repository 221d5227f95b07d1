/// A file of the tree: its path from the package's directory, and its text.
struct SourceFile {
    let path: String
    let text: String

    init(path: String, text: String) {
        self.path = path
        self.text = text
    }

    /// The lines, without their ends.
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    var isSwift: Bool { path.hasSuffix(".swift") }

    /// Directories and name.
    var components: [Substring] { path.split(separator: "/") }

    /// The target whose source this is; `nil` for files outside `Sources`.
    var target: String? {
        let components = components
        return components.count > 2 && components[0] == "Sources" ? String(components[1]) : nil
    }
}
