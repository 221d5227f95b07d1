/// An overlay that is rebuilt from a journal.
///
/// Of a million slots hardly any is in the cache, so that a record is entered a few records after it came: meanwhile its slot
/// and its entry are fetched.
struct ReplayedOverlay {
    private typealias Waiting = (record: JournalRecord, place: JournalPlace)

    private static let slotLead = 16
    private static let entryLead = 8

    private(set) var overlay: Overlay
    /// A ring: records that have not been entered yet.
    private var waiting: [Waiting] = []
    private var count = 0

    /// - Parameter overlay: Nobody else's.
    init(_ overlay: Overlay) {
        self.overlay = overlay
        waiting.reserveCapacity(Self.slotLead)
    }

    /// Takes a record that is valid until ``finish()``.
    @inline(__always)
    mutating func add(_ record: JournalRecord, _ place: JournalPlace) throws(StoreError) {
        overlay.prefetchSlot(of: Overlay.token(of: record.key))
        guard count >= Self.slotLead else {
            waiting.append((record, place))
            count += 1
            return
        }
        let next = waiting[(count - Self.slotLead + Self.entryLead) % Self.slotLead]
        overlay.prefetchEntry(of: Overlay.token(of: next.record.key))
        try enter(waiting[count % Self.slotLead])
        waiting[count % Self.slotLead] = (record, place)
        count += 1
    }

    /// Enters what is left.
    mutating func finish() throws(StoreError) {
        for index in max(0, count - Self.slotLead)..<count { try enter(waiting[index % Self.slotLead]) }
        waiting = []
        count = 0
    }

    private mutating func enter(_ item: Waiting) throws(StoreError) {
        try makeRoom()
        let key = item.record.key
        let token = Overlay.token(of: key)
        let isNew = overlay.enter(key: key, token: token, place: item.place, version: item.record.version)
        if isNew, RecordCollection(ofKey: key) == .sessions { overlay.sessionCount += 1 }
    }

    /// Replaces an overlay that is full by a larger one: what a journal brings at opening is bounded by its bytes, not by the
    /// overlay's limits.
    private mutating func makeRoom() throws(StoreError) {
        guard overlay.isFull else { return }
        do throws(EnvironmentError) {
            overlay = try Overlay(copying: overlay, capacity: overlay.capacity * 2)
        } catch {
            throw .environment(error)
        }
    }
}
