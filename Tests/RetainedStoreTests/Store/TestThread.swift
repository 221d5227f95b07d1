import Glibc
import Synchronization

@testable import RetainedStore

/// Runs bodies in threads of their own, all at once, and returns when all have ended.
func inParallel(_ bodies: [@Sendable () -> Void]) throws {
    let threads = try bodies.map { try BackgroundThread(name: "test", $0) }
    for thread in threads { thread.join() }
}

/// An array that several threads add to.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    func append(_ element: Element) {
        elements.withLock { $0.append(element) }
    }

    func append(contentsOf more: [Element]) {
        elements.withLock { $0.append(contentsOf: more) }
    }

    var all: [Element] { elements.withLock { $0 } }
}
