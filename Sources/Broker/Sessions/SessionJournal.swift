import MQTTProtocol

/// What one event loop has to write down of its sessions: gathered during a turn, committed at its end in one batch.
struct SessionJournal {
    /// Sessions with changes that wait.
    var changed: [StoredSession] = []
    /// Connections whose last packets must not leave before these changes are durable.
    var heldBack: [ConnectionHandler] = []
    /// The LSN of the last change that was committed.
    var lastLSN: UInt64 = 0
    /// Whether the store did not take what waits; it is asked again in the next turn.
    var isRefused = false
    /// Sessions that have ended while messages for them may still have been in the mailbox.
    var ended: [SubscriberHandle: UInt128] = [:]
    /// Messages that came for them, and that nobody will ask for.
    var orphans: [(session: UInt128, number: UInt64, publication: Publication)] = []
    /// Keeps what a batch points to.
    let scratch = RecordScratch()

    /// Records in one batch.
    static let recordsMax = 4_096
    /// Payload bytes in one batch.
    static let bytesMax = 4 << 20

    var isEmpty: Bool { changed.isEmpty && heldBack.isEmpty && orphans.isEmpty }
}
