import Glibc

/// File descriptors for tests that bring their own file.
enum Descriptor {
    static func openForWriting(_ path: String) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        precondition(descriptor >= 0, "cannot open \(path)")
        return descriptor
    }
}
