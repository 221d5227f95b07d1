import MQTTProtocol

/// The sessions of one loop, found by their handle without hashing.
struct SessionTable {
    private var sessions: [LoopSession?] = []

    /// The session of a handle, unless it has ended or lives elsewhere.
    subscript(handle: SubscriberHandle) -> LoopSession? {
        let index = Int(handle.index)
        guard index < sessions.count, let session = sessions[index], session.handle == handle else { return nil }
        return session
    }

    mutating func insert(_ session: LoopSession) {
        let index = Int(session.handle.index)
        if index >= sessions.count {
            sessions.append(contentsOf: repeatElement(nil, count: index + 1 - sessions.count))
        }
        sessions[index] = session
    }

    mutating func remove(_ session: LoopSession) {
        guard self[session.handle] === session else { return }
        sessions[Int(session.handle.index)] = nil
    }

    func forEach(_ body: (LoopSession) -> Void) {
        for case let session? in sessions { body(session) }
    }
}
