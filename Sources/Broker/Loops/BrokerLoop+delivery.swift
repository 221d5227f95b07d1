import Logging
import MQTTProtocol
import MQTTWire
import NIOCore
import RetainedStore

extension BrokerLoop {
    /// A publication for a session that lives here: its rights are looked at again (S4), then it is written, queued or dropped.
    func deliver(_ routed: RoutedPublication) {
        guard let session = sessions[routed.match.handle] else { return }
        guard routed.publication.withTopic({ session.access.allows(.read, topic: $0) }) else { return }
        switch session.session.deliver(routed.publication, routed.match) {
        case .send(let delivery):
            guard let connection = session.connection else { return }
            // QoS 0 promises nothing: a client that does not take what it is sent misses some.
            if delivery.qos == .atMostOnce, !connection.isWritable { return }
            connection.send(delivery)
        case .queued, .dropped:
            break
        }
    }

    /// Sends what a session is owed from before: what was in flight, what waits, what is retained.
    func continueDelivery(to session: LoopSession) {
        guard let connection = session.connection else { return }
        sendWaiting(session, connection)
        sendRetained(session, connection)
    }

    private func sendWaiting(_ session: LoopSession, _ connection: ConnectionHandler) {
        let now = Self.unixSeconds
        while connection.isWritable {
            switch session.session.nextToSend(at: now) {
            case .publish(let delivery):
                connection.send(delivery)
            case .pubrel(let identifier):
                connection.send(Acknowledgement(.pubrel, packetIdentifier: identifier))
            case .none:
                return
            }
        }
    }

    /// Sends one slice of the retained messages that are owed, as the client's window and socket allow (R2).
    ///
    /// A slice is read and written in one go on this loop, so that nothing live comes in between: what it skips as newer than the
    /// subscription is in the mailbox or was delivered already, and what waited in the queue before it has been sent (R1).
    private func sendRetained(_ session: LoopSession, _ connection: ConnectionHandler) {
        guard !session.scans.isEmpty, !session.isScanScheduled, connection.isWritable else { return }
        let queueEnd = session.scans[0].queueEnd ?? session.session.queueEnd
        session.scans[0].queueEnd = queueEnd
        // Every acknowledgement brings us back.
        guard session.session.hasSent(upTo: queueEnd) else { return }
        let subscriber = session.scans[0].subscriber
        var limits = ScanLimits()
        limits.recordsMax = BrokerLimits.scanRecordsPerSlice
        limits.bytesMax = BrokerLimits.scanBytesPerSlice
        limits.seeksMax = BrokerLimits.scanSeeksPerSlice
        if subscriber.maximumQoS != .atMostOnce {
            session.session.isRetainedWaiting = true
            limits.recordsMax = min(limits.recordsMax, session.session.retainedRoom)
            // The next acknowledgement brings us back.
            guard limits.recordsMax > 0 else { return }
        }
        do {
            let isFinished = try reader.nextBatch(
                of: &session.scans[0].scan,
                limits: limits,
                nowSeconds: Self.unixSeconds
            ) { view in
                sendRetained(view, subscriber, session, connection)
            }
            if isFinished {
                session.scans.removeFirst()
                session.session.isRetainedWaiting = false
            }
        } catch {
            logger.error("a retained message cannot be delivered: \(error); run latch verify on the store")
            return connection.fail(.implementationSpecificError, .storeDamaged)
        }
        if !session.scans.isEmpty { scheduleScan(session) }
    }

    private func sendRetained(
        _ view: RetainedView,
        _ subscriber: Subscriber,
        _ session: LoopSession,
        _ connection: ConnectionHandler
    ) {
        guard session.access.allows(.read, topic: view.topic),
            session.isSourceAllowed(clientID: view.clientID, userName: view.userName, topic: view.topic),
            let qos = QoS(rawValue: view.qos)
        else { return }
        if subscriber.isNoLocal, session.session.clientID.elementsEqual(view.clientID) { return }
        let publication = Publication(
            topic: view.topic,
            payload: view.payload,
            forwardedProperties: view.properties,
            qos: qos,
            isRetained: true,
            expiryUnixSeconds: view.expirySeconds,
            retainedVersion: view.version,
            clientID: view.clientID,
            userName: view.userName,
            listenerPort: view.listenerPort
        )
        guard let delivery = session.session.sendRetained(publication, subscriber) else { return }
        connection.send(delivery)
    }

    /// Lets other work of the loop have its turn before the next slice.
    func scheduleScan(_ session: LoopSession) {
        guard !session.isScanScheduled else { return }
        session.isScanScheduled = true
        let bound = NIOLoopBound((self, session), eventLoop: eventLoop)
        eventLoop.execute {
            let (loop, session) = bound.value
            // Another loop may have it by now, and goes on with its scans there.
            guard loop.sessions[session.handle] === session else { return }
            session.isScanScheduled = false
            loop.continueDelivery(to: session)
            loop.finishTurn()
        }
    }
}

extension ConnectionHandler {
    /// Writes one message.
    func send(_ delivery: Delivery) {
        let version = machine.version
        // The clock is asked only for what expires.
        let now = delivery.publication.expiryUnixSeconds == 0 ? 0 : BrokerLoop.unixSeconds
        delivery.withPacket(at: now) { $0.write(to: &outbound, version: version) }
        loop.markUnflushed(self)
    }

    /// Writes a PUBACK, PUBREC, PUBREL or PUBCOMP.
    func send(_ acknowledgement: Acknowledgement) {
        acknowledgement.write(to: &outbound, version: machine.version)
        loop.markUnflushed(self)
    }
}
