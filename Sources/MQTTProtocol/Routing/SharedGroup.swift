/// The sessions that share one subscription (`$share/NAME/FILTER`): every message goes to one of them (MQTT 5.0 §4.8.2).
struct SharedGroup {
    private let name: [UInt8]
    private var members: [Subscriber] = []
    /// Whose turn it is.
    private var cursor = 0

    /// How many members are asked for one message at most, so that a large group of absent sessions costs a bounded time.
    static var candidatesMax: Int { 256 }

    init(name: UnsafeRawBufferPointer) {
        self.name = Array(name)
    }

    var isEmpty: Bool { members.isEmpty }

    func isNamed(_ other: UnsafeRawBufferPointer) -> Bool {
        name.count == other.count && name.elementsEqual(other)
    }

    /// - Returns: Whether the member is new.
    mutating func insert(_ subscriber: Subscriber) -> Bool {
        if let position = members.firstIndex(where: { $0.handle == subscriber.handle }) {
            members[position] = subscriber
            return false
        }
        members.append(subscriber)
        return true
    }

    /// - Returns: Whether it was a member.
    mutating func remove(_ handle: SubscriberHandle) -> Bool {
        guard let position = members.firstIndex(where: { $0.handle == handle }) else { return false }
        members.remove(at: position)
        if position < cursor { cursor -= 1 }
        if cursor >= members.count { cursor = 0 }
        return true
    }

    /// The member that the next message goes to: in turn, skipping those that cannot take it now.
    ///
    /// If none can, it is the one whose turn it is, whose session then queues the message.
    mutating func next(where isAble: (SubscriberHandle) -> Bool) -> Subscriber {
        let turn = cursor
        for step in 0..<min(members.count, Self.candidatesMax) {
            let candidate = (turn + step) % members.count
            if isAble(members[candidate].handle) {
                cursor = (candidate + 1) % members.count
                return members[candidate]
            }
        }
        cursor = (turn + 1) % members.count
        return members[turn]
    }
}
