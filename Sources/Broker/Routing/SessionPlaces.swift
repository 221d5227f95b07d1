import MQTTProtocol

/// Where every session lives: the one table that says which loop a delivery goes to.
struct SessionPlaces {
    private struct Place {
        var generation: UInt32
        var home: Int
        var clientID: [UInt8]
        /// What the session is called in the store; `nil` if it ends with the broker.
        var stored: UInt128?
        /// Whether its client gets messages at its subscriptions' QoS (`upgrade_outgoing_qos`).
        var isQoSUpgraded = false
    }

    private var places: [Place] = []
    private var free: [UInt32] = []
    private var handles: [[UInt8]: SubscriberHandle] = [:]

    /// Sessions, connected or kept.
    var count: Int { handles.count }

    /// The session of a client, `nil` if it has none.
    func handle(of clientID: [UInt8]) -> SubscriberHandle? {
        handles[clientID]
    }

    /// The loop that a session lives on, `nil` if it has ended.
    func home(of handle: SubscriberHandle) -> Int? {
        let slot = Int(handle.index)
        guard slot < places.count, places[slot].generation == handle.generation else { return nil }
        return places[slot].home
    }

    /// What a session is called in the store, and whether its QoS is upgraded; `nil` if it ends with the broker.
    func stored(_ handle: SubscriberHandle) -> (number: UInt128, isQoSUpgraded: Bool)? {
        let slot = Int(handle.index)
        guard slot < places.count, places[slot].generation == handle.generation else { return nil }
        return places[slot].stored.map { ($0, places[slot].isQoSUpgraded) }
    }

    /// A session outlives the broker from now on, or no longer.
    ///
    /// - Returns: Whether it was otherwise.
    mutating func setStored(_ handle: SubscriberHandle, _ number: UInt128?, isQoSUpgraded: Bool) -> Bool {
        let slot = Int(handle.index)
        guard slot < places.count, places[slot].generation == handle.generation else { return false }
        defer {
            places[slot].stored = number
            places[slot].isQoSUpgraded = isQoSUpgraded
        }
        return (places[slot].stored == nil) != (number == nil)
    }

    /// Gives a client a new session on a loop; an older one of the same client keeps its handle until it is removed.
    mutating func insert(clientID: [UInt8], home: Int) -> SubscriberHandle {
        let handle: SubscriberHandle
        if let slot = free.popLast() {
            places[Int(slot)].home = home
            places[Int(slot)].clientID = clientID
            handle = SubscriberHandle(index: slot, generation: places[Int(slot)].generation)
        } else {
            handle = SubscriberHandle(index: UInt32(places.count))
            places.append(Place(generation: 0, home: home, clientID: clientID))
        }
        handles[clientID] = handle
        return handle
    }

    mutating func move(_ handle: SubscriberHandle, to home: Int) {
        precondition(self.home(of: handle) != nil, "a session that has ended cannot move")
        places[Int(handle.index)].home = home
    }

    /// Ends a session; deliveries that still carry its handle find nobody.
    mutating func remove(_ handle: SubscriberHandle) {
        let slot = Int(handle.index)
        guard slot < places.count, places[slot].generation == handle.generation else { return }
        if handles[places[slot].clientID] == handle {
            handles[places[slot].clientID] = nil
        }
        places[slot].generation &+= 1
        places[slot].clientID = []
        places[slot].stored = nil
        free.append(handle.index)
    }
}
