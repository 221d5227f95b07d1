public import MQTTWire

extension Publication {
    /// Copies a message that a client sends out of the read buffer.
    ///
    /// - Parameters:
    ///   - view: The PUBLISH as it lies in the buffer.
    ///   - topic: Its topic name, with the alias resolved.
    ///   - origin: Who is connected.
    ///   - unixSeconds: The time, in seconds since 1970, from which the message's expiry interval counts.
    ///   - retainedVersion: The version that the store assigned; 0 if the message is not stored.
    public init(
        _ view: PublishView,
        topic: UnsafeRawBufferPointer,
        origin: borrowing PublicationOrigin,
        unixSeconds: UInt64,
        retainedVersion: UInt64 = 0
    ) {
        self = view.forwardedProperties.withContiguousBytes { properties in
            Publication(
                topic: topic,
                payload: view.payload,
                forwardedProperties: properties,
                qos: view.qos,
                isRetained: view.isRetained,
                expiryUnixSeconds: view.messageExpirySeconds.map { unixSeconds + UInt64($0) } ?? 0,
                retainedVersion: retainedVersion,
                origin: origin
            )
        }
    }

    /// Copies a message, given as raw bytes, of a known publisher.
    ///
    /// The parameters are those of the designated initialiser.
    public init(
        topic: UnsafeRawBufferPointer,
        payload: UnsafeRawBufferPointer,
        forwardedProperties: UnsafeRawBufferPointer,
        qos: QoS,
        isRetained: Bool,
        expiryUnixSeconds: UInt64,
        retainedVersion: UInt64,
        origin: borrowing PublicationOrigin
    ) {
        self = origin.clientID.withUnsafeBytes { clientID in
            let listenerPort = origin.listenerPort
            func create(_ userName: UnsafeRawBufferPointer?) -> Publication {
                Publication(
                    topic: topic,
                    payload: payload,
                    forwardedProperties: forwardedProperties,
                    qos: qos,
                    isRetained: isRetained,
                    expiryUnixSeconds: expiryUnixSeconds,
                    retainedVersion: retainedVersion,
                    clientID: clientID,
                    userName: userName,
                    listenerPort: listenerPort
                )
            }
            guard let userName = origin.userName else { return create(nil) }
            return userName.withUnsafeBytes { create($0) }
        }
    }

    /// A message given as arrays, for those of the broker itself.
    public init(
        topic: [UInt8],
        payload: [UInt8],
        forwardedProperties: [UInt8] = [],
        qos: QoS = .atMostOnce,
        isRetained: Bool = false,
        expiryUnixSeconds: UInt64 = 0,
        retainedVersion: UInt64 = 0,
        origin: PublicationOrigin = PublicationOrigin()
    ) {
        self = topic.withUnsafeBytes { topic in
            payload.withUnsafeBytes { payload in
                forwardedProperties.withUnsafeBytes { properties in
                    Publication(
                        topic: topic,
                        payload: payload,
                        forwardedProperties: properties,
                        qos: qos,
                        isRetained: isRetained,
                        expiryUnixSeconds: expiryUnixSeconds,
                        retainedVersion: retainedVersion,
                        origin: origin
                    )
                }
            }
        }
    }
}
