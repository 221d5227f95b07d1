import MQTTProtocol

extension BrokerLoop {
    /// Commits the staged publications of one read, and wakes the loops that have something to fetch.
    func commitBatch(from publisher: Publisher) -> PublishBatch.Outcome {
        commit(&batch, from: publisher)
    }

    /// Commits a batch, if need be without what its namespace, its publisher's user or address has no room for.
    func commit(_ batch: inout PublishBatch, from publisher: Publisher) -> PublishBatch.Outcome {
        if batch.hasRetained, batch.quota != nil || publisher.accounts.isRetainedLimited {
            return commitLimited(&batch, from: publisher)
        }
        return commitUnlimited(&batch, from: publisher)
    }

    func commitUnlimited(_ batch: inout PublishBatch, from publisher: Publisher) -> PublishBatch.Outcome {
        batch.commit(
            from: publisher,
            on: number,
            router: router,
            writer: writer,
            numbers: environment.recordNumbers,
            scratch: journal.scratch,
            now: unixMilliseconds
        ) { wake($0) }
    }

    /// Tells other loops that their mailboxes have something.
    func wake(_ loops: LoopSet) {
        guard let directory else { return }
        loops.forEach { number in
            directory.execute(on: number) { $0.finishTurn() }
        }
    }

    /// The end of everything that happens on this loop at a time: deliver what waits here, then write to each connection once.
    ///
    /// What happens here may lead to more for this loop; it goes round until nothing is left.
    func finishTurn() {
        guard !isFinishingTurn else { return }
        isFinishingTurn = true
        repeat {
            publishDueWills()
            fetchMailbox()
            // A will that what was fetched has brought about comes before the end of its session is written down.
            while !dueWills.isEmpty {
                publishDueWills()
                fetchMailbox()
            }
            commitSessions()
            flushConnections()
        } while !dueWills.isEmpty || !messages.isEmpty || !journal.isEmpty && !journal.isRefused
        isFinishingTurn = false
    }

    private func fetchMailbox() {
        repeat {
            routed.removeAll(keepingCapacity: true)
            messages.removeAll(keepingCapacity: true)
            router.collect(number, routed: &routed, messages: &messages)
            // A session that arrives may be among the receivers of this very batch; one that leaves, too.
            for message in messages where message.isArrival { received(message) }
            for publication in routed { deliver(publication) }
            if !journal.ended.isEmpty { journal.ended.removeAll() }
            for message in messages where !message.isArrival { received(message) }
        } while !messages.isEmpty || !routed.isEmpty
    }

    private func received(_ message: LoopMessage) {
        switch message {
        case .arrived(let transfer, let request): sessionArrived(transfer.session, request)
        case .handOver(let handle, let loop, let request): handOver(handle, to: loop, request)
        case .vanished(let request, let durableLSN): sessionVanished(request, durableLSN)
        case .discard(let handle): discard(handle)
        case .discardStored(let handle, let loop, let request): discardStored(handle, notifying: loop, request)
        }
    }
}

extension LoopMessage {
    /// Whether it brings a session, and so comes before what is delivered to it.
    fileprivate var isArrival: Bool {
        if case .arrived = self { true } else { false }
    }
}
