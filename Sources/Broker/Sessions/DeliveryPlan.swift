import MQTTProtocol
import MQTTWire

/// Who gets what of a batch, found before the batch is ordered: what waits for a session that outlives the broker is written
/// down in the same batch of the store's.
struct DeliveryPlan {
    /// One message for one session.
    struct Entry {
        /// Which of the batch's publications.
        let index: Int
        var routed: RoutedPublication
        /// What the session is called in the store; `nil` if nothing is to be written down.
        let stored: UInt128?
        /// At which QoS the session gets it.
        let qos: QoS
    }

    private(set) var entries: [Entry] = []
    /// When the subscriptions were looked at.
    private(set) var generation: UInt64 = 0
    /// How much is to be written down.
    private(set) var recordCount = 0
    private(set) var recordBytes = 0
    /// The numbers that the messages of the range's last publication have, as far as they are written down.
    private(set) var numbers: Range<UInt64> = 0..<0

    /// Finds who gets the publications of a range, as the subscriptions are now.
    mutating func make(
        _ staged: inout [StagedPublish],
        _ range: Range<Int>,
        publisher: SubscriberHandle?,
        numbers: RecordNumbers,
        _ state: inout Router.State
    ) {
        entries.removeAll(keepingCapacity: true)
        generation = state.subscriptions.generation
        recordCount = 0
        recordBytes = 0
        for index in range {
            // An earlier plan may have found otherwise.
            staged[index].isStored = staged[index].isRetained && !staged[index].isOverQuota
            if staged[index].isOverQuota { continue }
            state.match(staged[index].topic, publisher: publisher)
            let count = state.matches.count
            staged[index].matchCount = count
            guard count > 0 else { continue }
            let publication = staged[index].publication
            let firstNumber = numbers.next(count)
            self.numbers = firstNumber..<firstNumber + UInt64(count)
            for position in 0..<count {
                let match = state.matches[position]
                var routed = RoutedPublication(publication: publication, match: match)
                var qos = QoS.atMostOnce
                let stored = state.places.stored(match.handle)
                if let stored {
                    qos = DeliveryRules.qos(
                        published: staged[index].qos,
                        granted: match.maximumQoS,
                        isUpgraded: stored.isQoSUpgraded
                    )
                }
                let isWrittenDown = qos != .atMostOnce
                if isWrittenDown {
                    staged[index].isStored = true
                    routed.recordNumber = firstNumber + UInt64(position)
                    recordCount += 1
                    recordBytes += staged[index].payload.count + staged[index].topic.count
                }
                entries.append(
                    Entry(index: index, routed: routed, stored: isWrittenDown ? stored?.number : nil, qos: qos)
                )
            }
        }
    }

    /// Puts what is planned into the mailboxes, but for what was refused.
    ///
    /// - Parameter missed: Receives what was written down for a session that has ended meanwhile.
    func deliver(_ staged: [StagedPublish], _ state: inout Router.State, missed: (Entry) -> Void) {
        for entry in entries where !staged[entry.index].isRefused {
            if let home = state.places.home(of: entry.routed.match.handle) {
                state.mailboxes[home].append(entry.routed)
            } else if entry.stored != nil {
                missed(entry)
            }
        }
    }

    /// Lets go of the messages.
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
    }
}
