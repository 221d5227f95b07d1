import MQTTProtocol
import MQTTWire
import RetainedStore

/// How a batch is committed while there are sessions that outlive the broker: what waits for them, and the identifiers that
/// they must remember, are ordered and become durable together with what is retained.
///
/// The subscriptions are looked at once, before, as what is written down must be known when the batch is ordered; whoever
/// subscribes in between has them looked at anew, so that nobody misses a message that is newer than what a subscription
/// finds retained (R1).
struct StoredCommit {
    let publisher: Publisher
    let loop: Int
    let router: Router
    let writer: StoreWriter
    let numbers: RecordNumbers
    let scratch: RecordScratch
    /// Milliseconds since 1970.
    let now: UInt64
    /// Where the will is written down that is published.
    let will: (session: UInt128, number: UInt64)?

    /// Records and payload bytes of one batch; a publication that has more by itself is written down in several, of which the
    /// first says that it is not finished, and the last that it is: after a crash in between, nobody has it.
    private static let recordsMax = 8_192
    private static let bytesMax = 8 << 20

    func commit(
        _ staged: inout [StagedPublish],
        _ plan: inout DeliveryPlan,
        _ wake: (LoopSet) -> Void
    ) -> PublishBatch.Outcome {
        var outcome = PublishBatch.Outcome()
        commit(&staged, staged.indices, &plan, &outcome, wake)
        plan.removeAll()
        scratch.removeAll()
        return outcome
    }

    /// Commits a range of the batch, in halves where it is too much at once.
    private func commit(
        _ staged: inout [StagedPublish],
        _ range: Range<Int>,
        _ plan: inout DeliveryPlan,
        _ outcome: inout PublishBatch.Outcome,
        _ wake: (LoopSet) -> Void
    ) {
        var isDone = false
        while !isDone {
            let loops = router.withLock { state -> LoopSet in
                plan.make(&staged, range, publisher: publisher.session, numbers: numbers, &state)
                for index in range {
                    noteIncoming(&staged[index])
                    // Whoever gets it, its record is to go with it.
                    if will != nil { staged[index].isStored = !staged[index].isOverQuota }
                }
                guard !range.contains(where: { staged[$0].isStored }) else { return LoopSet() }
                // Nothing is to be written down: this was all.
                isDone = true
                plan.deliver(staged, &state) { _ in }
                return state.loopsToWake(from: loop)
            }
            wake(loops)
            if isDone { return }
            if range.count > 1, plan.recordCount > Self.recordsMax || plan.recordBytes > Self.bytesMax {
                let middle = range.lowerBound + range.count / 2
                commit(&staged, range.lowerBound..<middle, &plan, &outcome, wake)
                commit(&staged, middle..<range.upperBound, &plan, &outcome, wake)
                return
            }
            isDone = store(&staged, range, plan, &outcome, wake)
        }
    }

    /// The identifier of a message of QoS 2 is written down with the message, if its session outlives the broker: sent again
    /// after a crash, it is not taken for a new one.
    private func noteIncoming(_ publish: inout StagedPublish) {
        guard publisher.storedSession != nil, publish.acknowledgement?.kind == .pubrec else { return }
        publish.isStored = !publish.isOverQuota
    }

    /// - Returns: `false` if somebody has subscribed since the plan was made; nothing was delivered then.
    private func store(
        _ staged: inout [StagedPublish],
        _ range: Range<Int>,
        _ plan: DeliveryPlan,
        _ outcome: inout PublishBatch.Outcome,
        _ wake: (LoopSet) -> Void
    ) -> Bool {
        var loops = LoopSet()
        var missed: [DeliveryPlan.Entry] = []
        // How many of the plan's entries have been committed ahead of the others.
        var ahead = 0
        let publications = staged
        do throws(StoreError) {
            try writeMessages(publications, plan, &ahead)
            let lsn = try withPublisher { (clientID, userName) throws(StoreError) -> UInt64? in
                for index in range where publications[index].isStored {
                    write(publications[index], clientID: clientID, userName: userName)
                }
                return try writer.commit {
                    router.withLock { $0.subscriptions.generation == plan.generation }
                } ordered: { _ in
                    loops = router.withLock { state in
                        plan.deliver(publications, &state) { missed.append($0) }
                        return state.loopsToWake(from: loop)
                    }
                }
            }
            guard let lsn else {
                takeBack(ahead, of: plan)
                return false
            }
            outcome.durableLSN = max(outcome.durableLSN, lsn)
        } catch {
            takeBack(ahead, of: plan)
            outcome.refusal = error
            for index in range where staged[index].isStored { staged[index].isRefused = true }
            let others = staged
            loops = router.withLock { state in
                plan.deliver(others, &state) { _ in }
                return state.loopsToWake(from: loop)
            }
        }
        wake(loops)
        remove(missed[...])
        return true
    }

    /// Adds what is retained of a publication, its identifier, and the end of the will that it was, to the store's batch.
    private func write(
        _ publish: StagedPublish,
        clientID: UnsafeRawBufferPointer,
        userName: UnsafeRawBufferPointer
    ) {
        if publish.isRetained {
            writer.add(
                publish,
                clientID: clientID,
                userName: userName,
                listenerPort: publisher.origin.listenerPort,
                now: now
            )
        }
        if let session = publisher.storedSession, let owed = publish.acknowledgement, owed.kind == .pubrec {
            writer.setIncoming(session: session, owed.packetIdentifier, scratch)
        }
        if let will {
            writer.clear(
                SessionRecord(session: will.session, kind: .will, number: will.number, name: publish.topic)
            )
        }
    }

    /// Adds what waits for sessions to the store's batch; commits ahead what is too much for one, but never all of it.
    private func writeMessages(
        _ staged: [StagedPublish],
        _ plan: DeliveryPlan,
        _ ahead: inout Int
    ) throws(StoreError) {
        var bytes = 0
        for (position, entry) in plan.entries.enumerated() {
            guard let session = entry.stored else { continue }
            if writer.count >= Self.recordsMax || bytes >= Self.bytesMax {
                if ahead == 0 { writer.setUnfinished(plan.numbers, scratch) }
                _ = try writer.commit { _ in }
                bytes = 0
                ahead = position
            }
            let publish = staged[entry.index]
            writer.setMessage(
                session: session,
                number: entry.routed.recordNumber,
                SessionRecordState.Message(entry, publish),
                topic: publish.topic,
                properties: publish.properties,
                payload: publish.payload,
                qos: publish.qos,
                expiryUnixSeconds: publish.expirySeconds,
                scratch
            )
            bytes += publish.payload.count
        }
        if ahead > 0 { writer.clearUnfinished(plan.numbers.lowerBound) }
    }

    /// Removes what was committed ahead of a publication that was not; as far as the store does not take that, it is nobody's.
    private func takeBack(_ ahead: Int, of plan: DeliveryPlan) {
        guard ahead > 0, remove(plan.entries[..<ahead]) else { return }
        writer.clearUnfinished(plan.numbers.lowerBound)
        _ = try? writer.commit { _ in }
    }

    /// Removes what was written down for nobody, as far as the store takes it: what stays belongs to no delivery, and is
    /// delivered after a crash at the worst.
    ///
    /// - Returns: Whether the store took it.
    @discardableResult
    private func remove(_ entries: ArraySlice<DeliveryPlan.Entry>) -> Bool {
        do throws(StoreError) {
            for entry in entries {
                guard let session = entry.stored else { continue }
                StoredChange.exchange(.removed(recordNumber: entry.routed.recordNumber, entry.routed.publication))
                    .add(to: writer, session: session, scratch)
                if writer.count >= Self.recordsMax { _ = try writer.commit { _ in } }
            }
            if writer.count > 0 { _ = try writer.commit { _ in } }
            return true
        } catch {
            return false
        }
    }

    private func withPublisher<Result>(
        _ body: (_ clientID: UnsafeRawBufferPointer, _ userName: UnsafeRawBufferPointer) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let clientID = publisher.origin.clientID
        let userName = publisher.origin.userName ?? []
        let clientIDSpan = clientID.span
        let userNameSpan = userName.span
        return try clientIDSpan.withUnsafeBytes { (clientID) throws(StoreError) in
            try userNameSpan.withUnsafeBytes { (userName) throws(StoreError) in try body(clientID, userName) }
        }
    }
}

extension SessionRecordState.Message {
    fileprivate init(_ entry: DeliveryPlan.Entry, _ publish: StagedPublish) {
        let match = entry.routed.match
        self.init(
            qos: entry.qos,
            isRetained: DeliveryRules.isRetained(
                live: publish.isRetained,
                isRetainAsPublished: match.isRetainAsPublished
            ),
            isShared: match.isShared,
            isPublishedAsRetained: publish.isRetained,
            identifiers: match.identifiers
        )
    }
}
