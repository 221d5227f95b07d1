import MQTTProtocol
import MQTTWire

/// What the broker writes into the state of a session's records (Format.md, "Sessions"), little-endian. Every one begins
/// with its version, 1.
enum SessionRecordState {
    static let version: UInt8 = 1

    /// That there is a session. The user name is the record's payload.
    ///
    /// | offset | bytes | field |
    /// |---|---|---|
    /// | 0 | 1 | 1 |
    /// | 1 | 1 | bit 0: the client gave a user name |
    /// | 2 | 2 | port of the listener that the client came through last |
    /// | 4 | 4 | session expiry interval, seconds; 2³²−1: never |
    /// | 8 | 8 | when the client went, milliseconds since 1970; 0: it is connected |
    struct Session: Equatable {
        static let bytes = 16

        var hasUserName: Bool
        var listenerPort: UInt16
        var expirySeconds: UInt32
        var awaySinceMilliseconds: UInt64

        func write(to state: UnsafeMutableRawBufferPointer) {
            state[0] = version
            state[1] = hasUserName ? 1 : 0
            state.store(listenerPort, at: 2)
            state.store(expirySeconds, at: 4)
            state.store(awaySinceMilliseconds, at: 8)
        }
    }

    /// A subscription. The filter is the record's name.
    ///
    /// | offset | bytes | field |
    /// |---|---|---|
    /// | 0 | 1 | 1 |
    /// | 1 | 1 | bits 0–1: granted QoS; bit 2: no local; bit 3: retain as published |
    /// | 2 | 2 | zero |
    /// | 4 | 4 | subscription identifier; 0: none |
    struct Subscription: Equatable {
        static let bytes = 8

        var maximumQoS: QoS
        var isNoLocal: Bool
        var isRetainAsPublished: Bool
        var identifier: UInt32

        func write(to state: UnsafeMutableRawBufferPointer) {
            state[0] = version
            state[1] = maximumQoS.rawValue | (isNoLocal ? 4 : 0) | (isRetainAsPublished ? 8 : 0)
            state.store(UInt16(0), at: 2)
            state.store(identifier, at: 4)
        }
    }

    /// A message that waits or is under way.
    ///
    /// | offset | bytes | field |
    /// |---|---|---|
    /// | 0 | 1 | 1 |
    /// | 1 | 1 | bits 0–1: QoS of the delivery; bit 2: its RETAIN flag; bit 3: came through a shared subscription; bit 4: published as retained |
    /// | 2 | 2 | number of subscription identifiers |
    /// | 4 | 4 × number | subscription identifiers |
    struct Message {
        /// More identifiers than this are left out: nobody has as many subscriptions that match one topic.
        static let identifiersMax = 16_000

        var qos: QoS
        var isRetained: Bool
        var isShared: Bool
        var isPublishedAsRetained: Bool
        var identifiers: SubscriptionIdentifiers

        var bytes: Int { 4 + 4 * min(identifiers.count, Self.identifiersMax) }

        func write(to state: UnsafeMutableRawBufferPointer) {
            state[0] = version
            state[1] =
                qos.rawValue | (isRetained ? 4 : 0) | (isShared ? 8 : 0) | (isPublishedAsRetained ? 16 : 0)
            let count = (state.count - 4) / 4
            state.store(UInt16(count), at: 2)
            identifiers.withUnsafeBufferPointer { identifiers in
                for index in 0..<count { state.store(identifiers[index], at: 4 + 4 * index) }
            }
        }
    }

    /// A packet identifier under way to the client.
    ///
    /// | offset | bytes | field |
    /// |---|---|---|
    /// | 0 | 1 | 1 |
    /// | 1 | 7 | zero |
    /// | 8 | 8 | number of the message; 0: the client has received it and is to be told that it is released |
    /// | 16 | 8 | place in the order in which messages were sent |
    struct Outgoing: Equatable {
        static let bytes = 24

        var messageNumber: UInt64
        var sequence: UInt64

        func write(to state: UnsafeMutableRawBufferPointer) {
            state.store(UInt64(version), at: 0)
            state.store(messageNumber, at: 8)
            state.store(sequence, at: 16)
        }
    }

    /// A will. Its topic is the record's name; payload, properties and QoS are the record's, too. User name and listener are
    /// those of the session's own record, which is written in the same batch.
    ///
    /// | offset | bytes | field |
    /// |---|---|---|
    /// | 0 | 1 | 1 |
    /// | 1 | 1 | bit 0: its RETAIN flag; bit 1: there is a message expiry interval |
    /// | 2 | 2 | zero |
    /// | 4 | 4 | will delay interval, seconds |
    /// | 8 | 4 | message expiry interval, seconds; 0 if there is none |
    struct Will: Equatable {
        static let bytes = 12

        var isRetained: Bool
        var delaySeconds: UInt32
        var messageExpirySeconds: UInt32?

        func write(to state: UnsafeMutableRawBufferPointer) {
            state[0] = version
            state[1] = (isRetained ? 1 : 0) | (messageExpirySeconds == nil ? 0 : 2)
            state.store(UInt16(0), at: 2)
            state.store(delaySeconds, at: 4)
            state.store(messageExpirySeconds ?? 0, at: 8)
        }
    }

    /// Which messages are those of a publication that is being written down. Its record's number is that of the first.
    ///
    /// | offset | bytes | field |
    /// |---|---|---|
    /// | 0 | 1 | 1 |
    /// | 1 | 7 | zero |
    /// | 8 | 8 | how many numbers |
    struct Unfinished: Equatable {
        static let bytes = 16

        var count: UInt64

        func write(to state: UnsafeMutableRawBufferPointer) {
            state.store(UInt64(version), at: 0)
            state.store(count, at: 8)
        }
    }

    /// A packet identifier that the client has not released: nothing but the version.
    static let incomingBytes = 1
}

extension UnsafeMutableRawBufferPointer {
    fileprivate func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }
}
