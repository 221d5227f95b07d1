import Logging
import MQTTProtocol
import MQTTWire
import RetainedStore

extension BrokerLoop {
    /// A connection has taken a session: it is written down from now on, or no longer, as the client wants it.
    ///
    /// - Returns: Why it cannot be, if it should; else `nil`.
    func keepOrForget(_ session: LoopSession, _ connection: ConnectionHandler) -> ReasonCode? {
        guard environment.areSessionsKept, session.session.expirySeconds > 0 else {
            forget(session)
            return nil
        }
        let isFull = isStoreFull
        // What the store has no room for would be forgotten (D3).
        if session.stored == nil, journal.isRefused || isFull { return .quotaExceeded }
        do throws(StoreError) {
            if session.will != nil { try environment.store.keepWills() }
            try keep(session)
        } catch {
            logger.error("a session cannot be kept: \(error)")
            return .unspecifiedError
        }
        connection.publisher.storedSession = session.stored?.number
        noteArrival(of: session)
        // A full store has the session, if not that its client is back; that may wait, and the client need not.
        if !isFull { connection.holdBack() }
        return nil
    }

    private func keep(_ session: LoopSession) throws(StoreError) {
        guard session.stored == nil else { return }
        try environment.store.keepSessions()
        session.stored = StoredSession(number: try RetainedStore.newSession(), session: session.session)
        session.session.beginRecording(environment.recordNumbers)
        router.keep(
            session.handle,
            as: session.stored?.number ?? 0,
            isQoSUpgraded: session.session.limits.isOutgoingQoSUpgraded
        )
    }

    private var isStoreFull: Bool {
        if case .full = environment.store.statistics.health { true } else { false }
    }

    /// Has it written down that the client is here, and its will in place of the one before.
    private func noteArrival(of session: LoopSession) {
        guard let stored = session.stored else { return }
        let will = session.will.map { WillRecord($0, number: environment.recordNumbers.next()) }
        stored.pending.append(session.stateChange(now: unixMilliseconds, will: will, replaced: stored.will))
        stored.will = will?.place
        noteChanges(of: session)
    }

    /// Has it written down that the session's will is not to be published any more.
    func forgetWill(of stored: StoredSession) {
        guard let will = stored.will else { return }
        stored.will = nil
        stored.pending.append(.willRemoved(will))
        note(stored)
    }

    /// Has it written down that there is the session, and how long its client has been away.
    func noteState(of session: LoopSession) {
        guard let stored = session.stored else { return }
        stored.pending.append(session.stateChange(now: unixMilliseconds))
        noteChanges(of: session)
    }

    /// Has it written down what a session has changed.
    @inline(__always)
    func noteChanges(of session: LoopSession) {
        if let stored = session.stored { note(stored) }
    }

    private func note(_ stored: StoredSession) {
        guard !stored.isNoted, stored.hasChanges else { return }
        stored.isNoted = true
        journal.changed.append(stored)
    }

    /// Nothing is written down of a session any more, and what there is goes.
    func forget(_ session: LoopSession) {
        guard let stored = session.stored else { return }
        // First of all, so that what a crash leaves of the others belongs to nobody.
        stored.pending.append(.ended)
        stored.pending += session.session.subscriptions.keys.map { .unsubscribed($0) }
        stored.pending += session.session.endRecording().map { .exchange($0) }
        forgetWill(of: stored)
        stored.session = nil
        session.stored = nil
        session.connection?.publisher.storedSession = nil
        router.forget(session.handle)
        journal.ended[session.handle] = stored.number
        note(stored)
    }

    /// Lets go of a session that moves to another loop, with what could not be written down of it yet.
    func release(_ session: LoopSession) {
        guard let stored = session.stored else { return }
        commitSessions()
        guard stored.isNoted else { return }
        stored.isNoted = false
        journal.changed.removeAll { $0 === stored }
    }

    /// A message arrives for a session that has ended: nobody will ask for what was written down of it.
    func orphaned(_ routed: RoutedPublication) {
        guard routed.recordNumber != 0, let session = journal.ended[routed.match.handle] else { return }
        journal.orphans.append((session, routed.recordNumber, routed.publication))
    }

    /// Commits what sessions have changed in this turn; packets that wait for it are held until it is durable.
    ///
    /// What the store does not take stays for the next turn.
    func commitSessions() {
        guard !journal.isEmpty else { return }
        collectChanges()
        journal.isRefused = !commitChanges()
        if journal.isRefused { return }
        let connections = journal.heldBack
        journal.heldBack.removeAll(keepingCapacity: true)
        for connection in connections { connection.hold(until: journal.lastLSN) }
    }

    private func collectChanges() {
        for stored in journal.changed {
            guard let session = stored.session else { continue }
            stored.pending += session.takeChanges().map { .exchange($0) }
        }
    }

    /// Writes everything that waits, in as many batches as its size asks for; `false` if some of it still waits.
    private func commitChanges() -> Bool {
        defer { journal.scratch.removeAll() }
        for orphan in journal.orphans {
            StoredChange.exchange(.removed(recordNumber: orphan.number, orphan.publication))
                .add(to: writer, session: orphan.session, journal.scratch)
            if writer.count >= SessionJournal.recordsMax, !commitBatch() { return false }
        }
        var bytes = 0
        var added: [(stored: StoredSession, count: Int)] = []
        func commit() -> Bool {
            guard commitBatch() else { return false }
            for (stored, count) in added { stored.pending.removeFirst(count) }
            added.removeAll(keepingCapacity: true)
            bytes = 0
            return true
        }
        for stored in journal.changed {
            var count = 0
            // A copy: what is committed meanwhile leaves the original.
            for change in stored.pending {
                change.add(to: writer, session: stored.number, journal.scratch)
                count += 1
                bytes += change.messageBytes
                guard writer.count >= SessionJournal.recordsMax || bytes >= SessionJournal.bytesMax else { continue }
                added.append((stored, count))
                count = 0
                guard commit() else { return false }
            }
            if count > 0 { added.append((stored, count)) }
        }
        guard commit() else { return false }
        journal.orphans.removeAll(keepingCapacity: true)
        for stored in journal.changed { stored.isNoted = false }
        journal.changed.removeAll(keepingCapacity: true)
        return true
    }

    private func commitBatch() -> Bool {
        do throws(StoreError) {
            let lsn = try writer.commit { _ in }
            if lsn > 0 { journal.lastLSN = lsn }
            return true
        } catch {
            storeRefused(error)
            return false
        }
    }
}

extension LoopSession {
    /// What is written down of the session itself.
    fileprivate func stateChange(
        now unixMilliseconds: UInt64,
        will: WillRecord? = nil,
        replaced: StoredWill? = nil
    ) -> StoredChange {
        .session(
            SessionRecordState.Session(
                hasUserName: userName != nil,
                listenerPort: listenerPort,
                expirySeconds: session.expirySeconds,
                awaySinceMilliseconds: connection == nil ? unixMilliseconds : 0
            ),
            clientID: session.clientID,
            userName: userName ?? [],
            will: will,
            replaced: replaced
        )
    }
}
