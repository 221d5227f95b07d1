/// The topics that a client named by number (MQTT 5.0 §3.3.2.3.4): alive for one connection, in one direction.
///
/// It hands out pointers, so that a PUBLISH with an alias costs no more than one with a topic. They stay good until the
/// same alias is set again: finish what uses the old topic first.
final class TopicAliasTable {
    private var topics: [UnsafeMutableRawBufferPointer?]

    /// - Parameter aliasMax: the highest alias that the client was allowed, 0 for none.
    init(aliasMax: UInt16) {
        topics = Array(repeating: nil, count: Int(aliasMax))
    }

    deinit {
        for topic in topics { topic?.deallocate() }
    }

    /// Whether the client may use this alias [MQTT-3.3.2-8], [MQTT-3.3.2-9].
    func allows(_ alias: UInt16) -> Bool {
        alias > 0 && Int(alias) <= topics.count
    }

    /// The topic of an alias, `nil` if it was not set yet.
    func topic(of alias: UInt16) -> UnsafeRawBufferPointer? {
        topics[Int(alias) - 1].map { UnsafeRawBufferPointer($0) }
    }

    /// Gives an alias its topic; one that it has already stays where it is.
    func set(_ alias: UInt16, to topic: UnsafeRawBufferPointer) {
        if let current = topics[Int(alias) - 1], current.elementsEqual(topic) { return }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: topic.count, alignment: 1)
        copy.copyMemory(from: topic)
        topics[Int(alias) - 1]?.deallocate()
        topics[Int(alias) - 1] = copy
    }
}
