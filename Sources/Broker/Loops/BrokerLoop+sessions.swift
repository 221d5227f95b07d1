import MQTTProtocol
import MQTTWire

extension BrokerLoop {
    /// What a CONNECT found under its client identifier.
    private enum Claim {
        case created(SubscriberHandle, LoopSet)
        /// There are as many clients as there may be.
        case refused
        case awaiting(ClaimRequest, LoopSet)
    }

    /// Gets a connection its session: a new one at once, an older one when it has arrived here [MQTT-3.1.4-3].
    func claimSession(for connection: ConnectionHandler, _ connect: Connect) {
        let clientID = connect.clientIdentifier.bytes
        let isCleanStart = connect.isCleanStart
        let number = number
        let sessionsMax = environment.sessionsMax ?? .max
        let claim = router.withLock { state -> Claim in
            guard let existing = state.places.handle(of: clientID), let home = state.places.home(of: existing) else {
                if state.places.count >= sessionsMax { return .refused }
                return .created(state.places.insert(clientID: clientID, home: number), LoopSet())
            }
            if isCleanStart, state.places.stored(existing) != nil {
                let request = state.newRequest()
                state.post(.discardStored(existing, notifying: number, request: request), to: home)
                return .awaiting(request, state.loopsToWake(from: number))
            }
            if isCleanStart {
                let handle = state.places.insert(clientID: clientID, home: number)
                state.post(.discard(existing), to: home)
                return .created(handle, state.loopsToWake(from: number))
            }
            let request = state.newRequest()
            state.post(.handOver(existing, to: number, request: request), to: home)
            return .awaiting(request, state.loopsToWake(from: number))
        }
        switch claim {
        case .refused:
            connection.sessionRefused()
        case .created(let handle, let loops):
            wake(loops)
            let session = LoopSession(
                session: Session(clientID: clientID, handle: handle, limits: connection.listener.limits),
                security: connection.listener.security
            )
            sessions.insert(session)
            connection.sessionClaimed(session, isPresent: false)
        case .awaiting(let request, let loops):
            claims[request] = connection
            wake(loops)
        }
    }

    /// Another connection of the client wants the session: the old one ends, the state goes where the new one is.
    func handOver(_ handle: SubscriberHandle, to loop: Int, _ request: ClaimRequest) {
        if let connection = sessions[handle]?.connection {
            connection.fail(.sessionTakenOver, .takenOver)
        }
        let number = number
        // Its time may have come since absent clients were looked after.
        if let session = sessions[handle], let endsAt = session.endsAtMilliseconds, endsAt <= now { end(session) }
        // The old connection's will comes before anything that the new one has written down.
        publishDueWills()
        guard let session = sessions[handle] else {
            // It ended with its connection, or went on to a third loop in the meantime.
            commitSessions()
            let lsn = journal.lastLSN
            return wake(
                router.withLock { state in
                    if let home = state.places.home(of: handle) {
                        state.post(.handOver(handle, to: loop, request: request), to: home)
                    } else {
                        state.post(.vanished(request, durableLSN: lsn), to: loop)
                    }
                    return state.loopsToWake(from: number)
                }
            )
        }
        release(session)
        sessions.remove(session)
        away[handle] = nil
        // What this loop had scheduled no longer finds the session here.
        session.isScanScheduled = false
        let transfer = SessionTransfer(session: session)
        wake(
            router.withLock { state in
                state.move(handle, from: number, to: loop)
                state.subscriptions.setPresence(of: handle, true)
                state.post(.arrived(transfer, request: request), to: loop)
                return state.loopsToWake(from: number)
            }
        )
    }

    /// The session that a connection waits for is here.
    func sessionArrived(_ session: LoopSession, _ request: ClaimRequest) {
        sessions.insert(session)
        noteChanges(of: session)
        if let connection = claims.removeValue(forKey: request), connection.isAwaitingSession {
            connection.sessionClaimed(session, isPresent: true)
        } else {
            // The connection went away while the session was on its way: it is kept as if it had come and gone.
            sessionAway(session)
        }
    }

    /// The session that a connection waits for has ended: ask again.
    func sessionVanished(_ request: ClaimRequest, _ durableLSN: UInt64) {
        guard let connection = claims.removeValue(forKey: request) else { return }
        connection.connackLSN = max(connection.connackLSN, durableLSN)
        connection.claimAgain()
    }

    /// A clean start took the place of this session.
    func discard(_ handle: SubscriberHandle) {
        guard let session = sessions[handle] else {
            // It moved while the message was on its way.
            let number = number
            return wake(
                router.withLock { state in
                    if let home = state.places.home(of: handle) { state.post(.discard(handle), to: home) }
                    return state.loopsToWake(from: number)
                }
            )
        }
        session.connection?.fail(.sessionTakenOver, .takenOver)
        if sessions[handle] != nil { end(session) }
    }

    /// A clean start takes the place of a session that outlives the broker: nobody hears of the new one before the end of the
    /// old one is durable, as it would be there again after a crash.
    func discardStored(_ handle: SubscriberHandle, notifying loop: Int, _ request: ClaimRequest) {
        if let session = sessions[handle] {
            session.connection?.fail(.sessionTakenOver, .takenOver)
            if sessions[handle] != nil { end(session) }
        }
        // Before the end of the session is written down, which is its will's, too.
        publishDueWills()
        commitSessions()
        let lsn = journal.lastLSN
        let number = number
        wake(
            router.withLock { state in
                if let home = state.places.home(of: handle) {
                    state.post(.discardStored(handle, notifying: loop, request: request), to: home)
                } else {
                    state.post(.vanished(request, durableLSN: lsn), to: loop)
                }
                return state.loopsToWake(from: number)
            }
        )
    }

    /// The session's connection is over: the will is due, delayed or dropped, and the session stays or ends.
    func sessionDetached(_ session: LoopSession, _ connection: ConnectionHandler, _ reason: ConnectionEnd) {
        session.connection = nil
        let isOver = session.session.detach(expirySeconds: connection.machine.sessionExpirySeconds)
        if let will = session.will, !reason.dropsWill {
            session.delayedWill = PendingWill(
                will: will,
                publisher: connection.publisher,
                access: session.access,
                dueMilliseconds: now + UInt64(will.delaySeconds) * 1000,
                stored: session.stored.flatMap { stored in stored.will.map { (stored, $0) } }
            )
        } else if let stored = session.stored {
            forgetWill(of: stored)
        }
        session.will = nil
        if isOver {
            end(session)
        } else {
            sessionAway(session)
            noteState(of: session)
        }
    }

    private func sessionAway(_ session: LoopSession) {
        session.endsAtMilliseconds = session.session.expiryDeadline(from: now)
        if let will = session.delayedWill, will.dueMilliseconds <= now {
            dueWills.append(will)
            session.delayedWill = nil
        }
        away[session.handle] = session
        let handle = session.handle
        router.withLock { $0.subscriptions.setPresence(of: handle, false) }
    }

    /// Ends a session: nothing is kept for the client any more.
    private func end(_ session: LoopSession) {
        if let will = session.delayedWill { dueWills.append(will) }
        session.delayedWill = nil
        sessions.remove(session)
        away[session.handle] = nil
        forget(session)
        let filters = Array(session.session.subscriptions.keys)
        session.accounts.unsubscribed(count: filters.count)
        let leftOver = session.session.endShared()
        let handle = session.handle
        let number = number
        let loops = router.withLock { state in
            for filter in filters { state.subscriptions.remove(filter, of: handle) }
            state.subscriptions.setPresence(of: handle, true)
            state.places.remove(handle)
            for (publication, filter) in leftOver {
                guard let match = state.subscriptions.nextMember(of: filter),
                    let home = state.places.home(of: match.handle)
                else { continue }
                state.mailboxes[home].append(RoutedPublication(publication: publication, match: match))
            }
            return state.loopsToWake(from: number)
        }
        wake(loops)
    }

    /// Looks which absent clients' sessions or delayed wills have come to their time.
    func lookAfterAbsentClients() {
        let now = now
        for session in away.values {
            if let will = session.delayedWill, will.dueMilliseconds <= now {
                dueWills.append(will)
                session.delayedWill = nil
            }
            if let end = session.endsAtMilliseconds, end <= now {
                counters.expiredSessions += 1
                self.end(session)
            }
        }
    }
}
