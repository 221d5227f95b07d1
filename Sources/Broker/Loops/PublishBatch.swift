import MQTTProtocol
import MQTTWire
import RetainedStore

/// The publications of one read of one connection, on their way to the journal and to the subscribers in one step.
///
/// One per event loop, used again for every read: in its steady state it allocates nothing.
struct PublishBatch {
    /// What became of a batch.
    enum Outcome {
        /// Everything was delivered; the retained ones are durable once the journal is durable up to this LSN (0: none were retained).
        case committed(durableLSN: UInt64)
        /// The store refused the retained ones, which went to nobody; the others were delivered.
        case retainedRefused(StoreError)
    }

    private(set) var staged: [StagedPublish] = []
    private var hasRetained = false

    var isEmpty: Bool { staged.isEmpty }

    mutating func append(_ publish: StagedPublish) {
        staged.append(publish)
        if publish.isRetained { hasRetained = true }
    }

    mutating func removeAll() {
        staged.removeAll(keepingCapacity: true)
        hasRetained = false
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
        now: UInt64,
        wake: (LoopSet) -> Void
    ) -> Outcome {
        guard hasRetained else {
            wake(router.withLock { Self.route(&staged, includingRetained: true, publisher, loop, &$0) })
            return .committed(durableLSN: 0)
        }
        return publisher.origin.clientID.withUnsafeBytes { clientID in
            (publisher.origin.userName ?? []).withUnsafeBytes { userName in
                for publish in staged where publish.isRetained {
                    let parts = MessageParts(
                        topic: publish.topic,
                        clientID: clientID,
                        userName: userName,
                        properties: publish.properties,
                        payload: publish.payload,
                        qos: publish.qos.rawValue,
                        listenerPort: publisher.origin.listenerPort,
                        publishTimeMilliseconds: now,
                        expiryTimeSeconds: publish.expirySeconds
                    )
                    if publish.payload.isEmpty { writer.clear(parts) } else { writer.set(parts) }
                }
                var loopsToWake = LoopSet()
                do throws(StoreError) {
                    let durableLSN = try writer.commit { _ in
                        loopsToWake = router.withLock {
                            Self.route(&staged, includingRetained: true, publisher, loop, &$0)
                        }
                    }
                    wake(loopsToWake)
                    return .committed(durableLSN: durableLSN)
                } catch {
                    wake(router.withLock { Self.route(&staged, includingRetained: false, publisher, loop, &$0) })
                    return .retainedRefused(error)
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
            state.match(staged[index].topic, publisher: publisher.session)
            let count = state.matches.count
            staged[index].matchCount = count
            guard count > 0 else { continue }
            let publication = Publication(
                topic: staged[index].topic,
                payload: staged[index].payload,
                forwardedProperties: staged[index].properties,
                qos: staged[index].qos,
                isRetained: staged[index].isRetained,
                expiryUnixSeconds: staged[index].expirySeconds,
                retainedVersion: 0,
                // Live deliveries ask for nobody's rights but the receiver's: who published is kept in the store only.
                clientID: UnsafeRawBufferPointer(start: nil, count: 0),
                userName: nil,
                listenerPort: 0
            )
            for position in 0..<count {
                let match = state.matches[position]
                guard let home = state.places.home(of: match.handle) else { continue }
                state.mailboxes[home].append(RoutedPublication(publication: publication, match: match))
            }
        }
        return state.loopsToWake(from: loop)
    }
}
