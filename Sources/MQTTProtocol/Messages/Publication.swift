public import MQTTWire

/// An application message as all its receivers share it: immutable, and one allocation.
///
/// There may be a million of them a second, so its bytes (topic, forwarded properties, payload, and who published it)
/// stand behind its fields in the same block of memory, and handing it on is one reference count. What differs from one
/// receiver to the next is in `Delivery`.
///
/// ```
/// fields | topic | forwarded properties | payload | client identifier | user name
/// ```
public struct Publication: @unchecked Sendable {
    // The storage is written while it is created and never again.
    let storage: PublicationStorage

    /// Copies a message out of the buffer it lies in, all of it.
    ///
    /// - Parameters:
    ///   - topic: The topic name, 1…65,535 bytes; an alias is resolved already.
    ///   - payload: The application message.
    ///   - forwardedProperties: The properties that are passed on, in their wire form without a length in front.
    ///   - qos: The quality of service at which it was published.
    ///   - isRetained: Whether it was published with the RETAIN flag.
    ///   - expiryUnixSeconds: When it ends, in seconds since 1970; 0 if never.
    ///   - retainedVersion: Which value of its topic it is, as the store numbers them; 0 if it is not stored.
    ///   - clientID: The publisher's client identifier.
    ///   - userName: The publisher's user name; nil if it gave none.
    ///   - listenerPort: The port of the publisher's listener; 0 if there is none.
    public init(
        topic: UnsafeRawBufferPointer,
        payload: UnsafeRawBufferPointer,
        forwardedProperties: UnsafeRawBufferPointer,
        qos: QoS,
        isRetained: Bool,
        expiryUnixSeconds: UInt64,
        retainedVersion: UInt64,
        clientID: UnsafeRawBufferPointer,
        userName: UnsafeRawBufferPointer?,
        listenerPort: UInt16
    ) {
        let fields = PublicationFields(
            expiryUnixSeconds: expiryUnixSeconds,
            retainedVersion: retainedVersion,
            payloadBytes: UInt32(payload.count),
            propertiesBytes: UInt32(forwardedProperties.count),
            topicBytes: UInt16(topic.count),
            clientIDBytes: UInt16(clientID.count),
            userNameBytes: UInt16(userName?.count ?? 0),
            listenerPort: listenerPort,
            qos: qos,
            isRetained: isRetained,
            hasUserName: userName != nil
        )
        storage = PublicationStorage.create(fields) { writer in
            writer.append(topic)
            writer.append(forwardedProperties)
            writer.append(payload)
            writer.append(clientID)
            if let userName { writer.append(userName) }
        }
    }

    /// The quality of service at which it was published.
    public var qos: QoS { storage.fields.qos }

    /// Whether it was published with the RETAIN flag, or comes from the retained store.
    public var isRetained: Bool { storage.fields.isRetained }

    /// When it ends, in seconds since 1970; 0 if never (MQTT 5.0 §3.3.2.3.3).
    public var expiryUnixSeconds: UInt64 { storage.fields.expiryUnixSeconds }

    /// Which value of its topic it is: a greater version is newer; 0 if the message is not stored.
    public var retainedVersion: UInt64 { storage.fields.retainedVersion }

    /// The port of the listener through which it came; 0 if through none.
    public var listenerPort: UInt16 { storage.fields.listenerPort }

    /// The topic name's length.
    public var topicBytes: Int { Int(storage.fields.topicBytes) }

    /// The payload's length.
    public var payloadBytes: Int { Int(storage.fields.payloadBytes) }

    /// The length of the forwarded properties.
    public var forwardedPropertiesBytes: Int { Int(storage.fields.propertiesBytes) }

    /// Whether both are one and the same message, not only alike.
    public static func === (left: Publication, right: Publication) -> Bool {
        left.storage === right.storage
    }
}

extension Publication: CustomStringConvertible {
    /// Sizes only: neither topic nor payload belongs into a log.
    public var description: String {
        "publication of \(topicBytes) topic and \(payloadBytes) payload bytes"
    }
}
