import MQTTProtocol
import MQTTWire
import RetainedStore

/// The publications of one read of one connection, on their way to the journal and to the subscribers in one step.
///
/// One per event loop, used again for every read: in its steady state it allocates nothing.
struct PublishBatch {
    /// What became of a batch.
    struct Outcome: Sendable {
        /// What was stored of it is durable once the journal is durable up to this LSN; 0: nothing was.
        var durableLSN: UInt64 = 0
        /// Why the store refused what was to be stored, which went to nobody; the others were delivered.
        var refusal: StoreError?
    }

    private(set) var staged: [StagedPublish] = []
    /// What goes to whom, where that must be known before the batch is ordered.
    private var plan = DeliveryPlan()
    /// The namespace that its retained publications are of, where those are limited.
    var quota: RetainedQuota?
    /// Where the will is written down that is the batch's only publication: its record goes in the same batch of the store's.
    var will: (session: UInt128, number: UInt64)?
    private(set) var hasRetained = false

    var isEmpty: Bool { staged.isEmpty }

    mutating func append(_ publish: StagedPublish) {
        staged.append(publish)
        if publish.isRetained { hasRetained = true }
    }

    mutating func removeAll() {
        staged.removeAll(keepingCapacity: true)
        hasRetained = false
        quota = nil
        will = nil
    }

    /// Marks the retained publications that there is no room for.
    ///
    /// - Parameters:
    ///   - storedBytes: what the message of a topic counts; `nil` where there is none.
    ///   - replace: whether a topic may get a message of so many bytes in place of another.
    mutating func judge(
        _ storedBytes: (UnsafeRawBufferPointer) -> Int?,
        _ replace: (_ old: Int?, _ new: Int?) -> Bool
    ) {
        // What an earlier publication of the batch leaves at a topic is not in the store yet.
        var pending: [[UInt8]: Int?] = [:]
        hasRetained = false
        for index in staged.indices where staged[index].isRetained {
            let publish = staged[index]
            let topic = Array(publish.topic)
            let old = pending[topic] ?? storedBytes(publish.topic)
            let bytes = publish.topic.count + publish.payload.count + publish.properties.count
            let new = publish.payload.isEmpty ? nil : bytes
            if replace(old, new) {
                pending.updateValue(new, forKey: topic)
                hasRetained = true
            } else {
                staged[index].isOverQuota = true
            }
        }
    }

    /// Orders, journals and routes the batch.
    ///
    /// Retained messages enter the journal's order, the overlay and the mailboxes of their subscribers under one lock, so that no subscriber sees
    /// an older value after a newer one (R1).
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - wake: receives the loops that have something to fetch.
    mutating func commit(
        from publisher: Publisher,
        on loop: Int,
        router: Router,
        writer: StoreWriter,
        numbers: RecordNumbers,
        scratch: RecordScratch,
        now: UInt64,
        wake: (LoopSet) -> Void
    ) -> Outcome {
        if router.hasStoredSessions {
            let way = StoredCommit(
                publisher: publisher,
                loop: loop,
                router: router,
                writer: writer,
                numbers: numbers,
                scratch: scratch,
                now: now,
                will: will
            )
            return way.commit(&staged, &plan, wake)
        }
        guard hasRetained else {
            wake(router.withLock { Self.route(&staged, includingRetained: true, publisher, loop, &$0) })
            return Outcome()
        }
        return publisher.origin.clientID.withUnsafeBytes { clientID in
            (publisher.origin.userName ?? []).withUnsafeBytes { userName in
                for publish in staged where publish.isRetained && !publish.isOverQuota {
                    writer.add(
                        publish,
                        clientID: clientID,
                        userName: userName,
                        listenerPort: publisher.origin.listenerPort,
                        now: now
                    )
                }
                var loopsToWake = LoopSet()
                do throws(StoreError) {
                    let durableLSN = try writer.commit { _ in
                        loopsToWake = router.withLock {
                            Self.route(&staged, includingRetained: true, publisher, loop, &$0)
                        }
                    }
                    wake(loopsToWake)
                    return Outcome(durableLSN: durableLSN)
                } catch {
                    wake(router.withLock { Self.route(&staged, includingRetained: false, publisher, loop, &$0) })
                    for index in staged.indices where staged[index].isRetained && !staged[index].isOverQuota {
                        staged[index].isRefused = true
                    }
                    return Outcome(refusal: error)
                }
            }
        }
    }

    /// Puts every publication into the mailboxes of its subscribers' loops; a publication without subscribers costs no allocation.
    private static func route(
        _ staged: inout [StagedPublish],
        includingRetained: Bool,
        _ publisher: Publisher,
        _ loop: Int,
        _ state: inout Router.State
    ) -> LoopSet {
        for index in staged.indices where includingRetained || !staged[index].isRetained {
            if staged[index].isOverQuota { continue }
            state.match(staged[index].topic, publisher: publisher.session)
            let count = state.matches.count
            staged[index].matchCount = count
            guard count > 0 else { continue }
            let publication = staged[index].publication
            for position in 0..<count {
                let match = state.matches[position]
                guard let home = state.places.home(of: match.handle) else { continue }
                state.mailboxes[home].append(RoutedPublication(publication: publication, match: match))
            }
        }
        return state.loopsToWake(from: loop)
    }
}

extension StagedPublish {
    /// What its receivers share.
    var publication: Publication {
        Publication(
            topic: topic,
            payload: payload,
            forwardedProperties: properties,
            qos: qos,
            isRetained: isRetained,
            expiryUnixSeconds: expirySeconds,
            retainedVersion: 0,
            // Live deliveries ask for nobody's rights but the receiver's: who published is kept in the store only.
            clientID: UnsafeRawBufferPointer(start: nil, count: 0),
            userName: nil,
            listenerPort: 0
        )
    }
}

extension StoreWriter {
    /// Adds a retained publication, or the clearing that it is, to the store's batch.
    @inline(__always)
    func add(
        _ publish: StagedPublish,
        clientID: UnsafeRawBufferPointer,
        userName: UnsafeRawBufferPointer,
        listenerPort: UInt16,
        now: UInt64
    ) {
        let parts = MessageParts(
            topic: publish.topic,
            clientID: clientID,
            userName: userName,
            properties: publish.properties,
            payload: publish.payload,
            qos: publish.qos.rawValue,
            listenerPort: listenerPort,
            publishTimeMilliseconds: now,
            expiryTimeSeconds: publish.expirySeconds
        )
        if publish.payload.isEmpty { clear(parts) } else { set(parts) }
    }
}
