/// A first-in-first-out queue over one block of memory that grows by doubling and gives memory back when it runs empty.
///
/// The queues of a connection and of a session are filled and drained a million times a second and must not allocate
/// while they do so; and a burst must not leave its memory behind for good: whenever the queue runs empty after having
/// used less than an eighth of its memory, it gives back half.
///
/// ### Invariants
/// - `capacity` is zero or a power of two; `count <= capacity`.
/// - The elements `head ..< head + count`, modulo `capacity`, are initialised and no others.
struct RingBuffer<Element>: ~Copyable {
    private var storage: UnsafeMutablePointer<Element>?
    private var mask = 0
    private var head = 0
    private(set) var count = 0
    /// The largest `count` since the queue was last empty.
    private var countPeak = 0

    private static var capacityMin: Int { 8 }

    init() {}

    deinit {
        guard let storage else { return }
        Self.deinitialize(storage, head: head, count: count, capacity: mask + 1)
        storage.deallocate()
    }

    /// The memory, which there is as soon as something was appended.
    private var elements: UnsafeMutablePointer<Element> { storage! }

    var capacity: Int { storage == nil ? 0 : mask + 1 }
    var isEmpty: Bool { count == 0 }

    /// The element at `offset` places behind the front.
    subscript(offset: Int) -> Element {
        _read {
            precondition(offset >= 0 && offset < count, "offset outside of the queue")
            yield elements[(head + offset) & mask]
        }
        _modify {
            precondition(offset >= 0 && offset < count, "offset outside of the queue")
            yield &elements[(head + offset) & mask]
        }
    }

    var first: Element? {
        isEmpty ? nil : self[0]
    }

    mutating func append(_ element: consuming Element) {
        if count == capacity { resize(to: max(Self.capacityMin, capacity * 2)) }
        elements.advanced(by: (head + count) & mask).initialize(to: element)
        count += 1
        countPeak = max(countPeak, count)
    }

    mutating func popFirst() -> Element? {
        guard count > 0, let storage else { return nil }
        let element = storage.advanced(by: head).move()
        head = (head + 1) & mask
        count -= 1
        if count == 0 { shrinkIfIdle() }
        return element
    }

    /// Removes the first `dropped` elements.
    mutating func removeFirst(_ dropped: Int) {
        precondition(dropped >= 0 && dropped <= count, "cannot remove more than there is")
        guard dropped > 0, let storage else { return }
        Self.deinitialize(storage, head: head, count: dropped, capacity: mask + 1)
        head = (head + dropped) & mask
        count -= dropped
        if count == 0 { shrinkIfIdle() }
    }

    /// Removes all elements and gives back all memory.
    mutating func removeAll() {
        removeFirst(count)
        storage?.deallocate()
        storage = nil
        mask = 0
        head = 0
    }

    private mutating func shrinkIfIdle() {
        head = 0
        if capacity > Self.capacityMin, countPeak < capacity / 8 { resize(to: capacity / 2) }
        countPeak = 0
    }

    private mutating func resize(to newCapacity: Int) {
        let new = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
        if let storage {
            let untilEnd = min(count, mask + 1 - head)
            new.moveInitialize(from: storage + head, count: untilEnd)
            (new + untilEnd).moveInitialize(from: storage, count: count - untilEnd)
            storage.deallocate()
        }
        storage = new
        mask = newCapacity - 1
        head = 0
    }

    private static func deinitialize(_ storage: UnsafeMutablePointer<Element>, head: Int, count: Int, capacity: Int) {
        let untilEnd = min(count, capacity - head)
        (storage + head).deinitialize(count: untilEnd)
        storage.deinitialize(count: count - untilEnd)
    }
}
