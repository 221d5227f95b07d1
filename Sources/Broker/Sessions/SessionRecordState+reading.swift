import MQTTProtocol
import MQTTWire

/// Reading what was written; nil for what no version of the broker can have written.
extension SessionRecordState.Session {
    init?(_ state: UnsafeRawBufferPointer) {
        guard state.count == Self.bytes, state[0] == SessionRecordState.version, state[1] <= 1 else { return nil }
        hasUserName = state[1] == 1
        listenerPort = state.load(at: 2)
        expirySeconds = state.load(at: 4)
        awaySinceMilliseconds = state.load(at: 8)
    }
}

extension SessionRecordState.Subscription {
    init?(_ state: UnsafeRawBufferPointer) {
        guard state.count == Self.bytes, state[0] == SessionRecordState.version, state[1] < 16,
            let qos = QoS(rawValue: state[1] & 3)
        else { return nil }
        maximumQoS = qos
        isNoLocal = state[1] & 4 != 0
        isRetainAsPublished = state[1] & 8 != 0
        identifier = state.load(at: 4)
    }
}

extension SessionRecordState.Message {
    init?(_ state: UnsafeRawBufferPointer) {
        guard state.count >= 4, state[0] == SessionRecordState.version, state[1] < 32,
            let qos = QoS(rawValue: state[1] & 3)
        else { return nil }
        let count = Int(state.load(at: 2, as: UInt16.self))
        guard state.count == 4 + 4 * count else { return nil }
        self.qos = qos
        isRetained = state[1] & 4 != 0
        isShared = state[1] & 8 != 0
        isPublishedAsRetained = state[1] & 16 != 0
        identifiers = SubscriptionIdentifiers()
        for index in 0..<count { identifiers.insert(state.load(at: 4 + 4 * index)) }
    }
}

extension SessionRecordState.Outgoing {
    init?(_ state: UnsafeRawBufferPointer) {
        guard state.count == Self.bytes, state.load(at: 0) == UInt64(SessionRecordState.version) else { return nil }
        messageNumber = state.load(at: 8)
        sequence = state.load(at: 16)
    }
}

extension SessionRecordState.Unfinished {
    init?(_ state: UnsafeRawBufferPointer) {
        guard state.count == Self.bytes, state.load(at: 0) == UInt64(SessionRecordState.version) else { return nil }
        count = state.load(at: 8)
    }
}

extension SessionRecordState.Will {
    init?(_ state: UnsafeRawBufferPointer) {
        guard state.count == Self.bytes, state[0] == SessionRecordState.version, state[1] < 4,
            state.load(at: 2, as: UInt16.self) == 0
        else { return nil }
        let hasExpiry = state[1] & 2 != 0
        let expirySeconds = state.load(at: 8, as: UInt32.self)
        guard hasExpiry || expirySeconds == 0 else { return nil }
        isRetained = state[1] & 1 != 0
        delaySeconds = state.load(at: 4)
        messageExpirySeconds = hasExpiry ? expirySeconds : nil
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func load<Value: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        as _: Value.Type = Value.self
    ) -> Value {
        Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
