import MQTTWire
import Mosquitto
import NIOCore

extension LiveBroker {
    /// Gives the broker retained messages, each acknowledged before this returns.
    ///
    /// - Parameters:
    ///   - body: Called with a function that gives one message; an empty payload clears its topic.
    /// - Returns: How many the broker took, and the reasons for which it did not take others.
    func give(
        _ body: ((RetainedMessage) throws(CommandFailure) -> Void) throws(CommandFailure) -> Void
    ) throws(CommandFailure) -> GivingReport {
        var giving = Giving(window: min(Int(greeting.receiveMaximum ?? 65_535), Giving.windowMax))
        try body { (message) throws(CommandFailure) in
            while giving.inFlight.count >= giving.window { try awaitAnswer(&giving) }
            try give(message, &giving)
        }
        while !giving.inFlight.isEmpty { try awaitAnswer(&giving) }
        return giving.report
    }

    private struct Giving {
        /// More in flight gains nothing: a broker writes what has gathered in one go.
        static let windowMax = 500

        let window: Int
        var inFlight: Set<UInt16> = []
        var lastIdentifier: UInt16 = 0
        var report = GivingReport()

        mutating func nextIdentifier() -> UInt16 {
            repeat {
                lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
            } while inFlight.contains(
                lastIdentifier
            )
            return lastIdentifier
        }
    }

    private func give(_ message: RetainedMessage, _ giving: inout Giving) throws(CommandFailure) {
        let now = StoreArguments.nowSeconds
        guard !message.isExpired(at: now) else { return }
        // QoS 2 in one direction more would promise nothing that QoS 1 does not for a message that replaces itself; but
        // a retained message keeps the QoS that it is published with.
        let qos = min(QoS(rawValue: message.qos) ?? .atLeastOnce, greeting.maximumQoS ?? .exactlyOnce)
        let identifier = qos == .atMostOnce ? 0 : giving.nextIdentifier()
        let expiry = message.expirySeconds == 0 ? nil : UInt32(clamping: message.expirySeconds - now)
        try send { buffer in
            message.topic.withUnsafeBytes { topic in
                message.payload.withUnsafeBytes { payload in
                    message.properties.withUnsafeBytes { properties in
                        OutboundPublish(
                            topic: topic,
                            payload: payload,
                            qos: qos,
                            packetIdentifier: identifier,
                            isRetained: true,
                            messageExpirySeconds: expiry,
                            forwardedProperties: properties
                        ).write(to: &buffer, version: .v50)
                    }
                }
            }
        }
        if identifier == 0 {
            giving.report.given += 1
        } else {
            giving.inFlight.insert(identifier)
        }
    }

    private func awaitAnswer(_ giving: inout Giving) throws(CommandFailure) {
        var release: UInt16?
        let isAnswered = try next(withinMilliseconds: 30_000) { (frame) throws(DecodingError) in
            switch frame.type {
            case .puback, .pubcomp:
                let answer = try Acknowledgement(frame, version: .v50)
                giving.inFlight.remove(answer.packetIdentifier)
                giving.report.count(answer.reasonCode)
            case .pubrec:
                let answer = try Acknowledgement(frame, version: .v50)
                if !answer.reasonCode.isError {
                    release = answer.packetIdentifier
                } else {
                    giving.inFlight.remove(answer.packetIdentifier)
                    giving.report.count(answer.reasonCode)
                }
            case .connect, .connack, .publish, .pubrel, .subscribe, .suback, .unsubscribe, .unsuback, .pingreq,
                .pingresp, .disconnect, .auth:
                break
            }
        }
        guard isAnswered else { throw failure("does not acknowledge what it was sent") }
        if let release {
            try send { Acknowledgement(.pubrel, packetIdentifier: release).write(to: &$0, version: .v50) }
        }
    }
}
