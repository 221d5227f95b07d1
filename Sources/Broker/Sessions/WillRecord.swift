import MQTTProtocol
import MQTTWire
import RetainedStore

/// A will on its way into the store.
struct WillRecord {
    let place: StoredWill
    private let state: SessionRecordState.Will
    /// Keeps the bytes in their place until the batch has been committed.
    private let publication: Publication

    init(_ will: Will, number: UInt64) {
        place = StoredWill(number: number, topic: will.topic)
        state = SessionRecordState.Will(
            isRetained: will.isRetained,
            delaySeconds: will.delaySeconds,
            messageExpirySeconds: will.messageExpirySeconds
        )
        publication = will.topic.bytes.withUnsafeBytes { topic in
            will.payload.withUnsafeBytes { payload in
                will.forwardedProperties.withUnsafeBytes { properties in
                    Publication(
                        topic: topic,
                        payload: payload,
                        forwardedProperties: properties,
                        qos: will.qos,
                        isRetained: will.isRetained,
                        // It lives from its publication on.
                        expiryUnixSeconds: 0,
                        retainedVersion: 0,
                        clientID: UnsafeRawBufferPointer(start: nil, count: 0),
                        userName: nil,
                        listenerPort: 0
                    )
                }
            }
        }
    }

    var payloadBytes: Int { publication.payloadBytes }

    /// Puts the record into a batch of the store's.
    ///
    /// - Parameters:
    ///   - session: The session's name in the store.
    ///   - scratch: Keeps what the batch points to; the will itself must stay, too.
    func add(to writer: StoreWriter, session: UInt128, _ scratch: RecordScratch) {
        let bytes = scratch.take(SessionRecordState.Will.bytes)
        state.write(to: bytes)
        publication.withBytes { topic, properties, payload in
            var record = SessionRecord(
                session: session,
                kind: .will,
                number: place.number,
                name: topic,
                state: UnsafeRawBufferPointer(bytes)
            )
            record.properties = properties
            record.payload = payload
            record.qos = publication.qos.rawValue
            writer.set(record)
        }
    }
}
