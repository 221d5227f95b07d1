import Logging
import MQTTProtocol
import MQTTWire
import NIOCore
import RetainedStore

extension BrokerLoop {
    /// A publication for a session that lives here: its rights are looked at again (S4), then it is written, queued or dropped.
    func deliver(_ routed: RoutedPublication) {
        guard let session = sessions[routed.match.handle] else { return orphaned(routed) }
        if routed.publication.isRetained, !session.scans.isEmpty { session.supersedeReadAhead(by: routed.publication) }
        guard routed.publication.withTopic({ session.access.allows(.read, topic: $0) }) else {
            session.session.decline(routed.publication, recordNumber: routed.recordNumber)
            return noteChanges(of: session)
        }
        defer { noteChanges(of: session) }
        switch session.session.deliver(routed.publication, routed.match, recordNumber: routed.recordNumber) {
        case .send(let delivery):
            guard let connection = session.connection else { return }
            // QoS 0 promises nothing: a client that does not take what it is sent misses some.
            if delivery.qos == .atMostOnce, !connection.isWritable {
                counters.publishesDropped += 1
                return
            }
            connection.send(delivery)
        case .queued:
            break
        case .dropped:
            counters.publishesDropped += 1
        }
    }

    /// Sends what a session is owed from before: what was in flight, what waits, what is retained.
    func continueDelivery(to session: LoopSession) {
        guard let connection = session.connection else { return }
        sendWaiting(session, connection)
        sendRetained(session, connection)
        noteChanges(of: session)
    }

    private func sendWaiting(_ session: LoopSession, _ connection: ConnectionHandler) {
        let now = unixSeconds
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

    /// Sends the retained messages that are owed, as the client's window and socket allow (R2): first what has been read already, then
    /// one slice of what the store has.
    ///
    /// What a slice skips as newer than the subscription is in the mailbox or was delivered already; what it read is taken out of the
    /// read-ahead when a live message makes it old; and what waited in the queue before it has been sent (R1).
    private func sendRetained(_ session: LoopSession, _ connection: ConnectionHandler) {
        guard !session.scans.isEmpty, !session.isScanScheduled, connection.isWritable else { return }
        let queueEnd = session.scans[0].queueEnd ?? session.session.queueEnd
        session.scans[0].queueEnd = queueEnd
        // Every acknowledgement brings us back.
        guard session.session.hasSent(upTo: queueEnd) else { return }
        session.session.waitingRetainedQoS = session.scans[0].subscriber.maximumQoS
        sendReadAhead(session, connection)
        guard session.scans[0].readAhead.isEmpty else { return }
        if !session.scans[0].scan.isFinished {
            // The client has something to do while the store is read.
            connection.flush()
            guard readAhead(session, connection) else { return }
            sendReadAhead(session, connection)
        }
        if session.scans[0].scan.isFinished, session.scans[0].readAhead.isEmpty {
            session.scans.removeFirst()
            session.session.waitingRetainedQoS = .atMostOnce
        }
        // What is left of the read-ahead waits for an acknowledgement, or for the socket.
        if let scan = session.scans.first, scan.readAhead.isEmpty { scheduleScan(session) }
    }

    /// Sends what has been read, as far as the client takes it.
    ///
    /// A window goes out in halves: the client reads and acknowledges the first while the second is made, so that neither side
    /// waits for the other.
    private func sendReadAhead(_ session: LoopSession, _ connection: ConnectionHandler) {
        let subscriber = session.scans[0].subscriber
        let halfWindow = max(1, session.session.windowCount / 2)
        var unflushedCount = 0
        var now: UInt64?
        while connection.isWritable, subscriber.maximumQoS == .atMostOnce || session.session.retainedRoom > 0,
            let message = session.scans[0].readAhead.popFirst()
        {
            if message.expiryUnixSeconds != 0 {
                // The clock is asked once, and only for what expires.
                let seconds = now ?? unixSeconds
                now = seconds
                if message.isExpired(at: seconds) { continue }
            }
            guard let delivery = session.session.sendRetained(message, subscriber) else { continue }
            if unflushedCount == halfWindow, subscriber.maximumQoS != .atMostOnce {
                connection.flush()
                unflushedCount = 0
            }
            connection.send(delivery)
            unflushedCount += 1
        }
    }

    /// Reads a slice of what is owed.
    ///
    /// - Returns: `false` if the store is damaged, which ends the connection.
    private func readAhead(_ session: LoopSession, _ connection: ConnectionHandler) -> Bool {
        var limits = ScanLimits()
        limits.recordsMax = BrokerLimits.scanRecordsPerSlice
        limits.bytesMax = BrokerLimits.scanBytesPerSlice
        limits.seeksMax = BrokerLimits.scanSeeksPerSlice
        let isNoLocal = session.scans[0].subscriber.isNoLocal
        do {
            var readAhead = RetainedReadAhead()
            swap(&readAhead, &session.scans[0].readAhead)
            defer { swap(&readAhead, &session.scans[0].readAhead) }
            _ = try reader.nextBatch(of: &session.scans[0].scan, limits: limits, nowSeconds: unixSeconds) { view in
                if isNoLocal, session.session.clientID.elementsEqual(view.clientID) { return }
                if let message = Publication(retained: view), session.mayReceive(message) { readAhead.append(message) }
            }
            return true
        } catch {
            logger.error("a retained message cannot be delivered: \(error); run latch verify on the store")
            connection.fail(.implementationSpecificError, .storeDamaged)
            return false
        }
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

extension Publication {
    /// Copies a message out of the store; `nil` if its quality of service is none.
    fileprivate init?(retained view: RetainedView) {
        guard let qos = QoS(rawValue: view.qos) else { return nil }
        self.init(
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
    }
}

extension ConnectionHandler {
    /// Writes one message.
    func send(_ delivery: Delivery) {
        let version = machine.version
        // What the client will know by its identifier, the broker must know after a crash, too.
        if delivery.qos == .exactlyOnce, session?.stored != nil { holdBack() }
        // The clock is asked only for what expires.
        let now = delivery.publication.expiryUnixSeconds == 0 ? 0 : loop.unixSeconds
        delivery.withPacket(at: now) { packet in
            if rewritesTopics {
                guard let packet = rewritten(packet) else { return }
                packet.write(to: &outbound, version: version)
            } else {
                packet.write(to: &outbound, version: version)
            }
        }
        loop.counters.packetsSent += 1
        loop.counters.publishesSent += 1
        loop.counters.publishBytesSent += delivery.publication.payloadBytes
        loop.markUnflushed(self)
    }

    /// The packet with the topic that this client knows: without the mount point, and by its alias.
    private func rewritten(_ packet: OutboundPublish) -> OutboundPublish? {
        var packet = packet
        let mountPoint = listener.limits.mountPoint
        // A session that came from another listener may hear of what lies outside.
        guard packet.topic.count > mountPoint.count, packet.topic.starts(with: mountPoint) else { return nil }
        packet.topic = UnsafeRawBufferPointer(rebasing: packet.topic[mountPoint.count...])
        guard outboundAliases != nil else { return packet }
        // Room for the property, which may lengthen the lengths, too.
        let mayAdd =
            outboundPacketBytesMax == .max
            || packet.packetBytes(version: machine.version) + 8 <= outboundPacketBytesMax
        switch outboundAliases?.use(packet.topic, mayAdd: mayAdd) {
        case .known(let alias):
            packet.topicAlias = alias
            packet.topic = UnsafeRawBufferPointer(start: nil, count: 0)
        case .new(let alias):
            packet.topicAlias = alias
        case Optional.none, .some(.none):
            break
        }
        return packet
    }

    /// Writes a PUBACK, PUBREC, PUBREL or PUBCOMP.
    func send(_ acknowledgement: Acknowledgement) {
        acknowledgement.write(to: &outbound, version: machine.version)
        loop.counters.packetsSent += 1
        loop.markUnflushed(self)
    }
}
