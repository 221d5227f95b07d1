/// What was done to a file or directory, by its name within a directory that is watched.
package enum FileOperation: Equatable, Sendable {
    case write(String)
    case sync(String)
    /// nil: it lost its name.
    case rename(String, to: String?)

    /// Collects what is done to the files of a directory while `body` runs, in its order.
    ///
    /// - Parameter directory: As the kernel names it.
    package static func watching(_ directory: String, _ body: () throws -> Void) rethrows -> [FileOperation] {
        let operations = OperationList()
        WriteWatch.listen(directory) { operations.append($0) }
        defer { WriteWatch.listen(directory, nil) }
        try body()
        return operations.all
    }
}
