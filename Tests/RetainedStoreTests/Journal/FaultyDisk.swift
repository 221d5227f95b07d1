import Glibc
import Synchronization

@testable import RetainedStore

/// A disk that counts what is done to it, and refuses what a test tells it to.
final class FaultyDisk: JournalDisk {
    enum Operation: Hashable, Sendable {
        case allocate, write, sync, rename, syncDirectory
    }

    private struct State {
        var counts: [Operation: Int] = [:]
        var performed: [(operation: Operation, path: String)] = []
        /// Operations that are refused from now on, and with which error.
        var refused: [Operation: Int32] = [:]
        /// Operations that are still granted before everything is refused.
        var left: Int?
    }

    private let disk = PosixDisk()
    private let state = Mutex(State())

    func count(_ operation: Operation) -> Int { state.withLock { $0.counts[operation, default: 0] } }

    /// Everything that was done, in its order; a file that is renamed has its old name.
    var performed: [(operation: Operation, path: String)] { state.withLock { $0.performed } }

    var totalCount: Int { state.withLock { $0.counts.values.reduce(0, +) } }

    /// Refuses an operation from now on; nil: grants it again.
    func refuse(_ operation: Operation, _ code: Int32?) {
        state.withLock { $0.refused[operation] = code }
    }

    /// Refuses everything after so many operations, as a device that goes away does.
    func refuseEverything(after count: Int) {
        state.withLock { $0.left = count }
    }

    func perform(_ operation: Operation, _ path: String) throws(EnvironmentError) {
        let code = state.withLock { state -> Int32? in
            state.counts[operation, default: 0] += 1
            state.performed.append((operation, path))
            if let left = state.left {
                state.left = max(0, left - 1)
                if left == 0 { return EIO }
            }
            return state.refused[operation]
        }
        if let code { throw .system(call: "\(operation)", path: path, errno: code) }
    }

    func open(_ path: String, creating: Bool) throws(EnvironmentError) -> any JournalFile {
        FaultyFile(try disk.open(path, creating: creating), disk: self)
    }

    func names(in directory: String) throws(EnvironmentError) -> [String] {
        try disk.names(in: directory)
    }

    func rename(_ path: String, to newPath: String) throws(EnvironmentError) {
        try perform(.rename, path)
        try disk.rename(path, to: newPath)
    }

    func remove(_ path: String) throws(EnvironmentError) {
        try disk.remove(path)
    }

    func syncDirectory(_ path: String) throws(EnvironmentError) {
        try perform(.syncDirectory, path)
        try disk.syncDirectory(path)
    }
}
