internal import Synchronization

/// The memory in which one group gathers: reserved in order, filled by many threads at once, written by one.
///
/// ### Invariants
/// - Between `open` and the moment the journal thread takes it, slots are reserved only with the order lock held.
/// - `base + used` is where the next group begins, so places are final as soon as they are reserved.
/// - It is not opened again while a reader has it pinned.
final class GroupBuffer: @unchecked Sendable {
    // Everything but the atomics is changed with the order lock held while the group is open, and by the journal thread
    // alone from then on. Slots are written by the writer that reserved them, which `unfilled` waits for.

    private(set) var memory: UnsafeMutableRawBufferPointer
    /// The segment that the group will be written to.
    private(set) var segment: Segment
    /// The group's offset in the segment.
    private(set) var base = 0
    /// Bytes that the group may have, header included.
    private(set) var bytesMax = 0
    /// Bytes so far, header included.
    private(set) var used = 0
    private(set) var count = 0
    private(set) var firstLSN: UInt64 = 0
    /// Batches that have reserved their slots and not yet filled them.
    let unfilled = Atomic<Int>(0)
    /// Set when the journal thread waits for `unfilled` to reach zero.
    let isAwaited = Atomic<Bool>(false)
    /// Readers that look at a record in here.
    let pins = Atomic<Int>(0)

    init(bytes: Int, segment: Segment) {
        memory = .allocate(byteCount: bytes, alignment: 4_096)
        self.segment = segment
    }

    deinit {
        memory.deallocate()
    }

    var end: Int { base + used }
    var isPinned: Bool { pins.load(ordering: .acquiring) > 0 }

    /// Begins an empty group. With the order lock held.
    func open(in segment: Segment, at base: Int, bytesMax: Int, firstLSN: UInt64) {
        self.segment = segment
        self.base = base
        self.bytesMax = bytesMax
        self.firstLSN = firstLSN
        used = GroupHeader.bytes
        count = 0
        isAwaited.store(false, ordering: .relaxed)
    }

    /// Makes room for a batch that is larger than the group would otherwise take. With the order lock held, while
    /// empty.
    func admit(bytes: Int) {
        precondition(count == 0 && !isPinned, "only an empty group can grow")
        if bytes > memory.count {
            memory.deallocate()
            memory = .allocate(byteCount: bytes, alignment: 4_096)
        }
        bytesMax = max(bytesMax, bytes)
    }

    /// Reserves the slots of a batch; returns the offset of the first one in `memory`. With the order lock held.
    @inline(__always)
    func reserve(bytes: Int, count: Int) -> Int {
        let offset = used
        used += bytes
        self.count += count
        unfilled.add(1, ordering: .relaxed)
        return offset
    }

    @inline(__always)
    func slot(at offset: Int) -> UnsafeMutableRawPointer {
        guard let memory = memory.baseAddress else { preconditionFailure("a group's memory is never empty") }
        return memory + offset
    }

    /// Whether a place lies in this group as it stands. With the order lock held.
    func contains(_ place: JournalPlace) -> Bool {
        place.segment == segment.number && place.offset >= base && place.offset < end
    }

    /// The record at a place that the group contains.
    func record(at place: JournalPlace) -> JournalRecord {
        JournalRecord(base: UnsafeRawPointer(slot(at: place.offset - base)))
    }

    /// The group's bytes.
    var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: memory[..<used]) }
}
