import MQTTWire

@testable import MQTTProtocol

/// A session whose answers read as the packets that the client would see: `PUBLISH 1 a q1`, `PUBREL 3`, `queued`.
struct SessionTranscript {
    let session: Session
    var unixSeconds: UInt64 = 1_000

    init(_ limits: ProtocolLimits = ProtocolLimits()) {
        session = Session(clientID: Array("client".utf8), handle: SubscriberHandle(index: 0), limits: limits)
    }

    func attach(receiveMaximum: UInt16 = .max, packetBytesMax: UInt32? = nil, version: ProtocolVersion = .v50) {
        session.attach(
            version: version,
            receiveMaximum: receiveMaximum,
            packetBytesMax: packetBytesMax,
            expirySeconds: .max
        )
    }

    static func publication(_ payload: String, isRetained: Bool = false, expiryUnixSeconds: UInt64 = 0) -> Publication {
        Publication(
            topic: Array("t".utf8),
            payload: Array(payload.utf8),
            qos: .exactlyOnce,
            isRetained: isRetained,
            expiryUnixSeconds: expiryUnixSeconds
        )
    }

    /// Delivers a live message and says what becomes of it.
    func deliver(_ payload: String, _ qos: QoS, isRetained: Bool = false, expiryUnixSeconds: UInt64 = 0) -> String {
        let match = Match(Subscriber(session.handle, maximumQoS: qos))
        let publication = Self.publication(payload, isRetained: isRetained, expiryUnixSeconds: expiryUnixSeconds)
        switch session.deliver(publication, match) {
        case .send(let delivery): return Self.line(delivery)
        case .queued: return "queued"
        case .dropped(let reason): return "dropped: \(reason)"
        }
    }

    /// Everything that the session hands out now.
    func next() -> [String] {
        var lines: [String] = []
        while true {
            switch session.nextToSend(at: unixSeconds) {
            case .publish(let delivery): lines.append(Self.line(delivery))
            case .pubrel(let identifier): lines.append("PUBREL \(identifier)")
            case .none: return lines
            }
        }
    }

    func retained(_ payload: String, _ qos: QoS = .atLeastOnce) -> String? {
        session.sendRetained(Self.publication(payload, isRetained: true), Subscriber(session.handle, maximumQoS: qos))
            .map(Self.line)
    }

    static func line(_ delivery: Delivery) -> String {
        let payload = String(decoding: delivery.publication.payload, as: UTF8.self)
        let identifier = delivery.packetIdentifier == 0 ? "" : " \(delivery.packetIdentifier)"
        return "PUBLISH\(identifier) \(payload) q\(delivery.qos.rawValue)"
            + (delivery.isRetained ? " retain" : "") + (delivery.isDuplicate ? " dup" : "")
    }
}
