internal import Synchronization

/// Operations of several threads, in their order.
final class OperationList: Sendable {
    private let operations = Mutex<[FileOperation]>([])

    var all: [FileOperation] { operations.withLock { $0 } }

    func append(_ operation: FileOperation) {
        operations.withLock { $0.append(operation) }
    }
}
