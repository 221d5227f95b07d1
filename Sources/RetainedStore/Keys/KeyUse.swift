internal import Glibc
internal import Synchronization

/// Whether keys that a writer or a reader has at hand are in use, so that a shred can take them from one that is idle.
///
/// Whoever keeps keys lets go of old ones when its next batch begins, and the next one of an idle connection's thread may
/// not come for days. A shred does not wait: it finds the idle ones and wipes what they have. Those that are in a batch do so
/// themselves at its end.
final class KeyUse: @unchecked Sendable {
    // `depth` and `revision` are its owner's; `forget` touches what the owner has, and is called by whoever has made `isBusy`
    // true.

    private let keyring: Keyring
    private var forget: () -> Void = {}
    private let isBusy = Atomic<Bool>(false)
    private var depth = 0
    /// The revision of the keyring that the keys at hand are of.
    private(set) var revision: UInt64

    init(_ keyring: Keyring) {
        self.keyring = keyring
        revision = keyring.revision
    }

    /// Says how the keys at hand are wiped. Once, before any are.
    ///
    /// - Parameter forget: Must not keep their owner.
    func start(forget: @escaping () -> Void) {
        self.forget = forget
        keyring.add(self)
    }

    /// Begins to use keys, once for each batch: without those that were destroyed or replaced since the last one.
    @inline(__always)
    func begin() {
        depth += 1
        guard depth == 1 else { return }
        acquire()
        refresh()
    }

    /// Ends the use.
    @inline(__always)
    func end() {
        depth -= 1
        guard depth == 0 else { return }
        isBusy.store(false, ordering: .sequentiallyConsistent)
        // A shred that found this busy has changed the revision before: one of the two sees the other.
        while keyring.revision != revision {
            acquire()
            refresh()
            isBusy.store(false, ordering: .sequentiallyConsistent)
        }
    }

    /// Lets go of the keys at hand if others have taken their place. The revision is read before any key is asked for: one that
    /// is replaced meanwhile then counts as old.
    @inline(__always)
    func refresh() {
        let current = keyring.revision
        guard current != revision else { return }
        revision = current
        forget()
    }

    /// Wipes the keys at hand unless they are in use. For a shred, which has changed the revision.
    func forgetIfIdle() {
        guard take() else { return }
        forget()
        isBusy.store(false, ordering: .sequentiallyConsistent)
    }

    private func acquire() {
        while !take() { sched_yield() }
    }

    @inline(__always)
    private func take() -> Bool {
        isBusy.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged
    }
}
