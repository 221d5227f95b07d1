import MQTTProtocol
import MQTTWire

extension SessionArchive.Entry {
    /// Makes the session again, as it was when the broker ended, for the loop that it will live on.
    ///
    /// - Returns: The session, with what is to be removed of its records first. Its will is due after its delay interval, counted
    ///   from 0.
    func restored(_ handle: SubscriberHandle, listener: Listener, port: UInt16, numbers: RecordNumbers) -> LoopSession {
        let session = Session(clientID: clientID, handle: handle, limits: listener.limits)
        let stored = StoredSession(number: number, session: session)
        session.beginRecording(numbers)
        stored.pending += unfinishedRemovals
        session.restoreExpiry(min(state?.expirySeconds ?? 0, listener.limits.sessionExpirySecondsMax))
        for (filter, state) in subscriptions {
            session.restore(
                filter,
                Subscriber(
                    handle,
                    maximumQoS: state.maximumQoS,
                    identifier: state.identifier,
                    isNoLocal: state.isNoLocal,
                    isRetainAsPublished: state.isRetainAsPublished
                )
            )
        }
        var waiting = messages
        for outgoing in outgoing.sorted(by: { $0.state.sequence < $1.state.sequence }) {
            let identifier = outgoing.packetIdentifier
            if outgoing.state.messageNumber == 0 {
                session.restoreOutgoing(identifier, nil, sequence: outgoing.state.sequence)
            } else if let message = waiting.removeValue(forKey: outgoing.state.messageNumber) {
                session.restoreOutgoing(identifier, message.delivery, sequence: outgoing.state.sequence)
            } else {
                // What it was sent for is done with.
                stored.pending.append(.exchange(.finished(packetIdentifier: identifier)))
            }
        }
        for message in waiting.values.sorted(by: { $0.version < $1.version }) {
            session.restoreWaiting(message.delivery)
        }
        for identifier in incoming { session.restoreIncoming(identifier) }
        let will = wills.max { $0.version < $1.version }
        stored.will = will?.place
        stored.pending += wills.filter { $0.number != will?.number }.map { .willRemoved($0.place) }
        let restored = LoopSession(restored: session, as: stored, userName: userName, listener: listener, port: port)
        restored.delayedWill = will.map { will in
            PendingWill(
                will: will.will,
                publisher: Publisher(
                    origin: PublicationOrigin(clientID: clientID, userName: userName, listenerPort: port),
                    session: handle
                ),
                access: restored.access,
                dueMilliseconds: UInt64(will.will.delaySeconds) * 1_000,
                stored: (stored, will.place)
            )
        }
        return restored
    }

    /// What removes everything that is there of the session.
    var removal: StoredSession {
        let stored = StoredSession(number: number, session: nil)
        stored.pending = [.ended]
        stored.pending += subscriptions.map { .unsubscribed($0.filter) }
        stored.pending += messages.map { number, message in
            .exchange(.removed(recordNumber: number, message.delivery.publication))
        }
        stored.pending += outgoing.map { .exchange(.finished(packetIdentifier: $0.packetIdentifier)) }
        stored.pending += incoming.map { .exchange(.received(packetIdentifier: $0)) }
        stored.pending += wills.map { .willRemoved($0.place) }
        stored.pending += unfinishedRemovals
        stored.pending += forgottenNumbers.map { .unfinishedRemoved($0) }
        return stored
    }

    private var unfinishedRemovals: [StoredChange] {
        unfinished.map { .exchange(.removed(recordNumber: $0.number, $0.publication)) }
    }
}

extension BrokerLoop {
    /// Takes up the sessions that the store had, and removes what is left of others.
    ///
    /// - Parameters:
    ///   - entries: Those that will live on this loop, each with the handle that the router gave it.
    ///   - remains: Of others.
    func restore(
        _ entries: [(entry: SessionArchive.Entry, handle: SubscriberHandle)],
        remains: [SessionArchive.Entry],
        listeners: [Listener]
    ) {
        let unixMilliseconds = self.unixMilliseconds
        for (entry, handle) in entries {
            let port = entry.state?.listenerPort ?? 0
            let listener = listeners.first { $0.port == Int(port) } ?? listeners[0]
            let session = entry.restored(
                handle,
                listener: listener,
                port: port,
                numbers: environment.recordNumbers
            )
            let away = entry.state?.awaySinceMilliseconds ?? 0
            let awayFor = away == 0 ? 0 : unixMilliseconds - min(unixMilliseconds, away)
            session.endsAtMilliseconds = session.session.expiryDeadline(from: now).map { $0 - min($0, awayFor) }
            session.accounts.user = environment.users.restored(
                session.userName,
                subscriptionCount: session.session.subscriptions.count,
                now: now
            )
            if let will = session.delayedWill {
                let due = now + will.dueMilliseconds
                session.delayedWill?.dueMilliseconds = due - min(due, awayFor)
            }
            sessions.insert(session)
            self.away[handle] = session
            router.keep(
                handle,
                as: entry.number,
                isQoSUpgraded: session.session.limits.isOutgoingQoSUpgraded
            )
            router.withLock { state in
                for (filter, subscriber) in session.session.subscriptions {
                    state.subscriptions.insert(filter, subscriber)
                }
                state.subscriptions.setPresence(of: handle, false)
            }
            // Its client went with the broker, at the latest.
            if away == 0 { noteState(of: session) } else { noteChanges(of: session) }
        }
        for entry in remains {
            let removal = entry.removal
            removal.isNoted = true
            journal.changed.append(removal)
        }
        finishTurn()
    }
}
