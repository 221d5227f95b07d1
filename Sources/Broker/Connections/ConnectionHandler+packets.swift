import MQTTProtocol
import MQTTWire
import NIOCore

extension ConnectionHandler {
    /// Decodes the packets of one read where they lie, and commits what they publish before the bytes are given up.
    ///
    /// - Returns: how many bytes were used; the rest begins with an incomplete packet.
    func consume(_ bytes: UnsafeRawBufferPointer) -> Int {
        var offset = 0
        while offset < bytes.count, !isPausedOrOver {
            do throws(DecodingError) {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
                guard let frame = try Frame.next(in: rest, packetBytesMax: inboundPacketBytesMax) else {
                    break
                }
                // A packet that is not acted on yet is decoded again when the connection goes on.
                guard try received(frame) else { break }
                offset += frame.totalBytes
                loop.counters.packetsReceived += 1
            } catch {
                // What came before the fault was in order.
                commitPublications()
                decodingFailed(error)
                return bytes.count
            }
        }
        commitPublications()
        if hasFinishedDeliveries, let session {
            // Once for a read, however many acknowledgements it had.
            hasFinishedDeliveries = false
            loop.continueDelivery(to: session)
        }
        return machine.isOver ? bytes.count : offset
    }

    private var isPausedOrOver: Bool { machine.isOver || machine.isAuthenticating }

    /// - Returns: `false` for a packet that must wait.
    private func received(_ frame: Frame) throws(DecodingError) -> Bool {
        switch frame.type {
        case .publish:
            // The lowest bit is RETAIN (MQTT 5.0 §3.3.1.3).
            if frame.flags & 1 == 1, let quotas = loop.environment.retainedQuotas {
                guard try isNamespaceCounted(frame, quotas) else { return false }
            }
            guard !isRated || isWithinRates(frame) else { return false }
            try publishReceived(frame)
        case .puback, .pubrec, .pubrel, .pubcomp:
            try acknowledgementReceived(frame)
        case .connect, .subscribe, .unsubscribe, .pingreq, .disconnect, .auth, .connack, .suback, .unsuback, .pingresp:
            // What these do comes after what was published before them.
            commitPublications()
            try rarePacketReceived(frame)
        }
        return true
    }

    private func rarePacketReceived(_ frame: Frame) throws(DecodingError) {
        switch frame.type {
        case .connect:
            connectReceived(try Connect(frame))
        case .subscribe:
            guard isAllowed(machine.packetReceived()) else { return }
            subscribeReceived(try Subscribe(frame, version: machine.version))
        case .unsubscribe:
            guard isAllowed(machine.packetReceived()) else { return }
            unsubscribeReceived(try Unsubscribe(frame, version: machine.version))
        case .pingreq:
            guard isAllowed(machine.packetReceived()) else { return }
            send { Ping.writeResponse(to: &$0) }
        case .disconnect:
            disconnectReceived(try Disconnect(frame, version: machine.version))
        case .auth:
            authReceived(try Auth(frame, version: machine.version))
        case .connack, .suback, .unsuback, .pingresp, .publish, .puback, .pubrec, .pubrel, .pubcomp:
            // Only the server sends the first four; the others never come here.
            _ = isAllowed(machine.malformedReceived(.protocolError))
        }
    }

    /// Acts on what the machine says of a packet without a choice; `false` ends its handling.
    private func isAllowed(_ action: ConnectionMachine.SimpleAction) -> Bool {
        switch action {
        case .proceed: return true
        case .fail(let reasonCode): fail(reasonCode, .protocolError)
        case .ignore: break
        }
        return false
    }

    private func acknowledgementReceived(_ frame: Frame) throws(DecodingError) {
        guard isAllowed(machine.packetReceived()) else { return }
        guard let session else { return }
        let acknowledgement = try Acknowledgement(frame, version: machine.version)
        switch acknowledgement.kind {
        case .puback:
            completed(session.session.pubackReceived(acknowledgement.packetIdentifier), session)
        case .pubcomp:
            completed(session.session.pubcompReceived(acknowledgement.packetIdentifier), session)
        case .pubrec:
            pubrecReceived(acknowledgement, session)
        case .pubrel:
            pubrelReceived(acknowledgement, session)
        }
        loop.noteChanges(of: session)
    }

    /// A message to the client is finished: there is room for the next.
    private func completed(_ action: Session.CompletionAction, _ session: LoopSession) {
        switch action {
        case .completed: hasFinishedDeliveries = true
        case .unknown: break
        case .protocolError: fail(.protocolError, .protocolError)
        }
    }

    private func pubrecReceived(_ acknowledgement: Acknowledgement, _ session: LoopSession) {
        let identifier = acknowledgement.packetIdentifier
        switch session.session.pubrecReceived(identifier, reasonCode: acknowledgement.reasonCode) {
        case .sendPubrel(let reasonCode):
            if session.stored != nil { holdBack() }
            send(Acknowledgement(.pubrel, packetIdentifier: identifier, reasonCode: reasonCode))
        case .completed: hasFinishedDeliveries = true
        case .protocolError: fail(.protocolError, .protocolError)
        }
    }

    private func decodingFailed(_ error: DecodingError) {
        if machine.isAwaitingConnect {
            if error.reason == .protocolLevelUnsupported {
                return refuse(machine.unsupportedVersionReceived())
            }
            // [MQTT-3.1.0-1]: whoever does not begin with a CONNECT gets no answer.
            _ = machine.malformedReceived(error.reasonCode)
            return close(.malformedPacket)
        }
        guard case .fail(let reasonCode) = machine.malformedReceived(error.reasonCode) else { return }
        let end: ConnectionEnd =
            switch reasonCode {
            case .packetTooLarge: .packetTooLarge
            case .protocolError: .protocolError
            default: .malformedPacket
            }
        fail(reasonCode, end, explanation: UTF8String(error.reason.rawValue))
    }

    /// Writes a packet with a reason string, if the client wants one and takes a packet of that size [MQTT-3.2.2-19], [MQTT-3.14.2-3].
    func sendExplained(
        _ explanation: UTF8String?,
        _ write: (_ explanation: UTF8String?, _ buffer: inout ByteBuffer) -> Void
    ) {
        let start = outbound.writerIndex
        send { write(machine.wantsProblemInformation ? explanation : nil, &$0) }
        guard outbound.writerIndex - start > outboundPacketBytesMax else { return }
        outbound.moveWriterIndex(to: start)
        send { write(nil, &$0) }
    }

    private func disconnectReceived(_ disconnect: Disconnect) {
        switch machine.disconnectReceived(disconnect) {
        case .close: close(.disconnected)
        case .closeWithWill: close(.connectionLost)
        case .fail(let reasonCode): fail(reasonCode, .protocolError)
        case .ignore: break
        }
    }

    /// Ends the connection; a 5.0 client is told why (MQTT 5.0 §4.13.1).
    ///
    /// - Parameter explanation: says more than the code, in words of ours.
    func fail(_ reasonCode: ReasonCode, _ reason: ConnectionEnd, explanation: UTF8String? = nil) {
        dropHeld()
        if machine.version == .v50, session != nil {
            var disconnect = Disconnect(reasonCode: reasonCode)
            sendExplained(explanation ?? reasonCode.explanation) { explanation, buffer in
                disconnect.reasonString = explanation
                disconnect.write(to: &buffer, version: .v50)
            }
        }
        closeLingering(reason)
    }
}
