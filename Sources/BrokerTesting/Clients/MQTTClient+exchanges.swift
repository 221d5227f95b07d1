public import MQTTWire
import NIOCore

extension MQTTClient {
    /// CONNECT and its answer, whatever that is.
    public func connect(
        _ clientIdentifier: String,
        isCleanStart: Bool = true,
        edit: @Sendable (inout Connect) -> Void = { _ in }
    ) async throws -> Connack {
        var connect = Connect(
            version: version,
            clientIdentifier: UTF8String(clientIdentifier),
            isCleanStart: isCleanStart,
            keepAliveSeconds: 0
        )
        edit(&connect)
        send { [connect] buffer, _ in connect.write(to: &buffer) }
        guard case .connack(let connack) = try await receive() else { throw ClientFailure.unexpected("no CONNACK") }
        return connack
    }

    /// DISCONNECT, and the end of the connection.
    public func disconnect(_ reasonCode: ReasonCode = .normalDisconnection, sessionExpirySeconds: UInt32? = nil)
        async throws
    {
        send { buffer, version in
            Disconnect(reasonCode: reasonCode, sessionExpirySeconds: sessionExpirySeconds).write(
                to: &buffer,
                version: version
            )
        }
        _ = try await receiveToEnd()
    }

    // MARK: Subscribing

    /// SUBSCRIBE and the codes of its SUBACK; messages that come first are kept for later.
    @discardableResult
    public func subscribe(_ subscriptions: [Subscription], identifier: UInt32? = nil) async throws -> [ReasonCode] {
        let packetIdentifier = nextIdentifier()
        send { buffer, version in
            Subscribe(
                packetIdentifier: packetIdentifier,
                subscriptions: subscriptions,
                subscriptionIdentifier: identifier
            ).write(to: &buffer, version: version)
        }
        return try await receive { packet in
            if case .suback(let suback) = packet, suback.packetIdentifier == packetIdentifier {
                suback.reasonCodes
            } else {
                nil
            }
        }
    }

    /// SUBSCRIBE with one filter, and the code of its SUBACK.
    @discardableResult
    public func subscribe(
        _ filter: String,
        _ qos: QoS = .atMostOnce,
        identifier: UInt32? = nil,
        isNoLocal: Bool = false,
        isRetainAsPublished: Bool = false,
        retainHandling: RetainHandling = .always
    ) async throws -> ReasonCode {
        let subscription = Subscription(
            filter: try TopicFilter(filter),
            maximumQoS: qos,
            isNoLocal: isNoLocal,
            isRetainAsPublished: isRetainAsPublished,
            retainHandling: retainHandling
        )
        let codes = try await subscribe([subscription], identifier: identifier)
        guard let code = codes.first, codes.count == 1 else {
            throw ClientFailure.unexpected("SUBACK with \(codes.count) codes")
        }
        return code
    }

    /// UNSUBSCRIBE and the codes of its UNSUBACK.
    @discardableResult
    public func unsubscribe(_ filters: String...) async throws -> [ReasonCode] {
        let packetIdentifier = nextIdentifier()
        let filters = try filters.map { try TopicFilter($0) }
        send { buffer, version in
            Unsubscribe(packetIdentifier: packetIdentifier, filters: filters).write(to: &buffer, version: version)
        }
        return try await receive { packet in
            if case .unsuback(let unsuback) = packet { unsuback.reasonCodes } else { nil }
        }
    }

    // MARK: Publishing

    /// Sends a PUBLISH and waits for nothing.
    ///
    /// - Returns: its packet identifier.
    @discardableResult
    public func send(_ message: OutgoingMessage) -> UInt16 {
        var message = message
        if message.qos != .atMostOnce, message.packetIdentifier == 0 { message.packetIdentifier = nextIdentifier() }
        send { [message] buffer, version in message.write(to: &buffer, version: version) }
        return message.packetIdentifier
    }

    /// Publishes, and waits until the broker has acted on it: for PUBACK, for PUBCOMP, or at QoS 0 for the answer to a PINGREQ.
    ///
    /// - Returns: the code of PUBACK or PUBREC.
    @discardableResult
    public func publish(_ message: OutgoingMessage) async throws -> ReasonCode {
        let identifier = send(message)
        switch message.qos {
        case .atMostOnce:
            try await ping()
            return .success
        case .atLeastOnce:
            return try await acknowledgement(.puback, identifier).reasonCode
        case .exactlyOnce:
            let received = try await acknowledgement(.pubrec, identifier)
            if received.reasonCode.isError { return received.reasonCode }
            send(Acknowledgement(.pubrel, packetIdentifier: identifier))
            _ = try await acknowledgement(.pubcomp, identifier)
            return received.reasonCode
        }
    }

    /// Publishes text, and waits until the broker has acted on it.
    @discardableResult
    public func publish(_ topic: String, _ text: String, _ qos: QoS = .atMostOnce, isRetained: Bool = false)
        async throws -> ReasonCode
    {
        try await publish(OutgoingMessage(topic, text, qos, isRetained: isRetained))
    }

    public func send(_ acknowledgement: Acknowledgement) {
        send { buffer, version in acknowledgement.write(to: &buffer, version: version) }
    }

    /// An acknowledgement of one kind for one packet; what comes first is kept for later.
    public func acknowledgement(_ kind: Acknowledgement.Kind, _ identifier: UInt16) async throws -> Acknowledgement {
        try await receive { packet in
            guard case .acknowledgement(let got) = packet, got.kind == kind, got.packetIdentifier == identifier else {
                return nil
            }
            return got
        }
    }

    // MARK: Messages

    /// The next message, which must be the next packet; acknowledged as its quality of service asks.
    public func message() async throws -> ReceivedMessage {
        let packet = try await receive()
        guard case .publish(let message) = packet else { throw ClientFailure.unexpected("\(packet)") }
        try await acknowledge(message)
        return message
    }

    /// The next messages, as many as asked for.
    public func messages(_ count: Int) async throws -> [ReceivedMessage] {
        var messages: [ReceivedMessage] = []
        while messages.count < count { messages.append(try await message()) }
        return messages
    }

    /// Finishes the exchange of a received message.
    public func acknowledge(_ message: ReceivedMessage) async throws {
        switch message.qos {
        case .atMostOnce: break
        case .atLeastOnce: send(Acknowledgement(.puback, packetIdentifier: message.packetIdentifier))
        case .exactlyOnce:
            send(Acknowledgement(.pubrec, packetIdentifier: message.packetIdentifier))
            _ = try await acknowledgement(.pubrel, message.packetIdentifier)
            send(Acknowledgement(.pubcomp, packetIdentifier: message.packetIdentifier))
        }
    }

    /// PINGREQ and its answer; what comes first is kept for later.
    public func ping() async throws {
        send { buffer, _ in Ping.writeRequest(to: &buffer) }
        try await receive { packet in packet == .pingresp ? () : nil }
    }

    /// Everything that the broker has for this client now, acknowledged: what was published and acted on before the call is in it.
    ///
    /// The answer to the first PINGREQ may overtake what waits in the mailbox of the client's event loop; that to the second may not.
    public func everything() async throws -> [ReceivedMessage] {
        var messages: [ReceivedMessage] = []
        for _ in 0..<2 {
            send { buffer, _ in Ping.writeRequest(to: &buffer) }
            while true {
                let packet = try await receive()
                if packet == .pingresp { break }
                guard case .publish(let message) = packet else { throw ClientFailure.unexpected("\(packet)") }
                try await acknowledge(message)
                messages.append(message)
            }
        }
        return messages
    }
}
