internal import Glibc

/// Keeps the anchor up with the index. For the checkpoint thread.
///
/// A store whose anchor can not be written goes on: it then notices less, and says so in its statistics.
final class AnchorWriter: @unchecked Sendable {
    // The checkpoint thread's, except `failure`, which is behind the order lock.

    private let path: String
    private let setID: SetID
    private let key: SecretBytes
    private let order: OrderLock
    private var written: Anchor?
    /// Why the last one could not be written.
    private(set) var failure: EnvironmentError?

    /// - Parameter written: What the file has now.
    init(path: String, setID: SetID, key: SecretBytes, order: OrderLock, written: Anchor?) {
        self.written = written
        self.path = path
        self.setID = setID
        self.key = key
        self.order = order
    }

    /// Writes down what the index on the disk says of itself.
    func write(_ state: IndexState) {
        write(Anchor(setID: setID, state: state, hasDigest: true))
    }

    /// Takes the digest out, before a chunk changes it without an LSN.
    func loosen(_ state: IndexState) {
        if let written, written.digest == nil { return }
        write(Anchor(setID: setID, state: state, hasDigest: false))
        // Without space: an anchor that says too much would have the store refused after a crash, one that is missing only
        // notices less.
        if order.withLock({ failure != nil }) { unlink(path) }
    }

    private func write(_ anchor: Anchor) {
        guard anchor != written else { return }
        do throws(EnvironmentError) {
            try anchor.write(to: path, key: key)
            written = anchor
            order.withLock { failure = nil }
        } catch {
            order.withLock { failure = error }
        }
    }
}
