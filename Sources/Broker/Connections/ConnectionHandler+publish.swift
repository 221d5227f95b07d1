import MQTTProtocol
import MQTTWire
import RetainedStore

extension ConnectionHandler {
    /// PUBLISH: checked, resolved, and staged for the commit at the end of the read.
    func publishReceived(_ frame: Frame) throws(DecodingError) {
        let publish = try PublishView(frame, version: machine.version)
        // Staged publications point at the topic that the alias has now.
        if publish.topicAlias != 0, machine.replacesAlias(publish) { commitPublications() }
        guard let session else {
            _ = machine.packetReceived()
            return close(.protocolError)
        }
        let isRepeated = publish.qos == .exactlyOnce && session.session.isUnreleased(publish.packetIdentifier)
        switch machine.publishReceived(publish, isDuplicateDelivery: isRepeated) {
        case .publish(let topic):
            if listener.limits.mountPoint.isEmpty {
                stage(publish, topic: topic, session)
            } else {
                stageMounted(publish, topic: topic, session)
            }
        case .fail(let reasonCode):
            commitPublications()
            fail(reasonCode, .init(refusedPublish: reasonCode))
        case .ignore:
            break
        }
    }

    /// Stages a publication under the listener's mount point; the longer topic lives for this one commit.
    private func stageMounted(_ publish: PublishView, topic: UnsafeRawBufferPointer, _ session: LoopSession) {
        let mounted = listener.limits.mountPoint + topic
        mounted.withUnsafeBytes { topic in
            guard (try? TopicName.validate(topic)) != nil else {
                commitPublications()
                return fail(.topicNameInvalid, .protocolError)
            }
            stage(publish, topic: topic, session)
            commitPublications()
        }
    }

    private func stage(_ publish: PublishView, topic: UnsafeRawBufferPointer, _ session: LoopSession) {
        let identifier = publish.packetIdentifier
        var owed: Acknowledgement?
        switch publish.qos {
        case .atMostOnce:
            break
        case .atLeastOnce:
            owed = Acknowledgement(.puback, packetIdentifier: identifier)
        case .exactlyOnce:
            owed = Acknowledgement(.pubrec, packetIdentifier: identifier)
            // What is in the batch may be the first sending of this very message.
            if session.session.isUnreleased(identifier) { commitPublications() }
            switch session.session.exactlyOnceReceived(identifier) {
            case .publish: break
            case .acknowledgeAgain(let durableLSN):
                return acknowledge(.pubrec, identifier, .success, after: durableLSN)
            case .limitExceeded:
                commitPublications()
                return fail(.receiveMaximumExceeded, .quotaExceeded)
            }
        }
        let payloadBytesMax = listener.limits.payloadBytesMax
        if payloadBytesMax != 0, publish.payload.count > payloadBytesMax {
            // `message_size_limit` drops the message and keeps the connection, as in mosquitto.
            commitPublications()
            return refuse(owed, .implementationSpecificError)
        }
        guard TopicDepth.isWithin(levels: listener.limits.topicLevelsMax, topic) else {
            commitPublications()
            return refuse(owed, .topicNameInvalid)
        }
        guard session.access.allows(.write, topic: topic) else {
            // Acknowledgements keep the order of the publications: those staged before come first.
            commitPublications()
            auditDeniedPublish(topic, session)
            return refuse(owed, .notAuthorized)
        }
        if publish.isRetained, let quotas = loop.environment.retainedQuotas { takeQuota(of: topic, quotas) }
        let expiry = publish.messageExpirySeconds.map { loop.unixSeconds + UInt64($0) } ?? 0
        func append(_ properties: UnsafeRawBufferPointer) {
            loop.batch.append(
                StagedPublish(
                    topic: topic,
                    payload: publish.payload,
                    properties: properties,
                    qos: publish.qos,
                    isRetained: publish.isRetained,
                    expirySeconds: expiry,
                    acknowledgement: owed
                )
            )
        }
        if let properties = publish.forwardedProperties.contiguous {
            append(properties)
        } else {
            // Something that is not forwarded stands in between: the copy of the others lives for this one commit.
            publish.forwardedProperties.withContiguousBytes { properties in
                append(properties)
                commitPublications()
            }
        }
    }

    /// Commits what was staged, and queues what is owed for it.
    func commitPublications() {
        guard !loop.batch.isEmpty else { return releaseAcknowledgements() }
        let outcome = loop.commitBatch(from: publisher)
        loop.counters.publishesReceived += loop.batch.staged.count
        let session = session?.session
        for publish in loop.batch.staged {
            loop.counters.publishBytesReceived += publish.payload.count
            guard let owed = publish.acknowledgement else { continue }
            if publish.isOverQuota {
                refuse(owed, stored: nil, session)
            } else if publish.isRefused, let error = outcome.refusal {
                refuse(owed, stored: error, session)
            } else if publish.isStored {
                if owed.kind == .pubrec {
                    session?.exactlyOnceStored(owed.packetIdentifier, durableLSN: outcome.durableLSN)
                }
                acknowledge(owed.kind, owed.packetIdentifier, publish.success, after: outcome.durableLSN)
            } else {
                acknowledge(owed.kind, owed.packetIdentifier, publish.success, after: 0)
            }
        }
        loop.batch.removeAll()
        if let error = outcome.refusal { loop.storeRefused(error) }
        releaseAcknowledgements()
        if loop.environment.store.isUnderPressure { loop.awaitRelief(self) }
    }

    /// A publication that the store did not take, retained or for a session that outlives the broker: for want of space (D3), or because it has failed (D2).
    ///
    /// - Parameter error: `nil`: its namespace has no room.
    private func refuse(_ owed: Acknowledgement, stored error: StoreError?, _ session: Session?) {
        guard machine.version == .v50 else {
            // Older clients cannot be told: no acknowledgement, and the end of the connection. What they send again on
            // the next one is new.
            if owed.kind == .pubrec { session?.exactlyOnceRefused(owed.packetIdentifier) }
            return close(error == nil ? .quotaExceeded : .storeRefused)
        }
        switch error {
        case nil, .full: refuse(owed, .quotaExceeded)
        default: refuse(owed, .unspecifiedError)
        }
    }

    /// A publication that goes to nobody: by the access rules, or because the store takes none.
    private func refuse(_ owed: Acknowledgement?, _ reasonCode: ReasonCode) {
        guard let owed else { return }
        // Older clients are acknowledged all the same, as mosquitto does it; there PUBREL still follows.
        if owed.kind == .pubrec, machine.version == .v50 {
            session?.session.exactlyOnceRefused(owed.packetIdentifier)
        }
        acknowledge(owed.kind, owed.packetIdentifier, reasonCode, after: 0)
    }

    /// Owes the client an acknowledgement, in the order of its publications [MQTT-4.6.0-2].
    private func acknowledge(
        _ kind: Acknowledgement.Kind,
        _ identifier: UInt16,
        _ reasonCode: ReasonCode,
        after durableLSN: UInt64
    ) {
        acknowledgements.append(
            Acknowledgement(kind, packetIdentifier: identifier, reasonCode: reasonCode),
            durableLSN: durableLSN
        )
    }

    /// Sends the acknowledgements that need wait no longer.
    func releaseAcknowledgements() {
        guard !acknowledgements.isEmpty else { return }
        let version = machine.version
        var finished = 0
        let released = acknowledgements.release(upTo: loop.environment.store.durableLSN) { owed in
            // A PUBREC with an error ends the exchange, as does a PUBACK.
            if owed.kind == .puback || owed.reasonCode.isError { finished += 1 }
            owed.write(to: &outbound, version: version)
        }
        loop.counters.packetsSent += released
        machine.publishesAcknowledged(finished)
        if released > 0 { loop.markUnflushed(self) }
        if acknowledgements.isFull { withholdReads(.acknowledgements) } else { resumeReads(.acknowledgements) }
        if !acknowledgements.isEmpty { loop.awaitJournal(self) }
    }

    /// PUBREL: the client will not send the message again (MQTT 5.0 §4.3.3).
    func pubrelReceived(_ acknowledgement: Acknowledgement, _ session: LoopSession) {
        switch session.session.pubrelReceived(acknowledgement.packetIdentifier) {
        case .sendPubcomp:
            if session.stored != nil { holdBack() }
            machine.publishesAcknowledged(1)
            send(Acknowledgement(.pubcomp, packetIdentifier: acknowledgement.packetIdentifier))
        case .sendPubcompNotFound:
            send(
                Acknowledgement(
                    .pubcomp,
                    packetIdentifier: acknowledgement.packetIdentifier,
                    reasonCode: .packetIdentifierNotFound
                )
            )
        }
    }
}

extension StagedPublish {
    /// What an acknowledgement says of a publication that was taken: whether anybody got it (MQTT 5.0 §3.4.2.1).
    fileprivate var success: ReasonCode { matchCount == 0 ? .noMatchingSubscribers : .success }
}

extension ConnectionEnd {
    /// How a PUBLISH that ends its connection is logged.
    fileprivate init(refusedPublish reasonCode: ReasonCode) {
        switch reasonCode {
        case .packetTooLarge: self = .packetTooLarge
        default: self = .protocolError
        }
    }
}
