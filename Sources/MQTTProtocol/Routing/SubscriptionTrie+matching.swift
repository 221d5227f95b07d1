public import MQTTWire

extension SubscriptionTrie {
    /// Finds who gets a message.
    ///
    /// - Parameters:
    ///   - topic: The topic name's bytes, valid (MQTT 5.0 §4.7).
    ///   - publisher: The session that published it, so that its own subscriptions with No Local are left out; nil if
    ///     it has none.
    ///   - matches: Emptied first, then filled: each session once, and one entry more for each shared subscription.
    ///   - isAble: Whether a member of a shared subscription can take a message now; members that cannot are passed over
    ///     while there are others. Not asked about ordinary subscriptions.
    public mutating func match(
        topic: UnsafeRawBufferPointer,
        publisher: SubscriberHandle? = nil,
        into matches: inout MatchSet,
        isAble: (SubscriberHandle) -> Bool = { _ in true }
    ) {
        matches.removeAll()
        findLists(matching: topic)
        // Within one list a session stands once, so that a single list needs no merging.
        let isMerging = matchedLists.count > 1
        visitMatched(isAble: isAble) { subscriber, isShared in
            if subscriber.isNoLocal, subscriber.handle == publisher { return }
            if isMerging, !isShared {
                matches.insert(subscriber)
            } else {
                matches.append(subscriber, isShared: isShared)
            }
        }
    }

    /// Calls `visit` with every subscription that matches a topic, one member for each shared subscription, unmerged.
    ///
    /// - Parameters:
    ///   - topic: The topic name's bytes, valid.
    ///   - isAble: As above.
    ///   - visit: Called with each subscription, in no particular order.
    public mutating func match(
        topic: UnsafeRawBufferPointer,
        isAble: (SubscriberHandle) -> Bool = { _ in true },
        visit: (Subscriber) -> Void
    ) {
        findLists(matching: topic)
        visitMatched(isAble: isAble) { subscriber, _ in visit(subscriber) }
    }

    /// Whose turn it is in one shared subscription, for a message that its last receiver did not take.
    ///
    /// - Parameter filter: `$share/NAME/FILTER`.
    /// - Returns: nil if the group has no member any more.
    public func nextMember(of filter: TopicFilter) -> Match? {
        let place = filter.withMatchedBytes { locate($0) }
        guard let place, place.list != TrieNode.none, case .many(let table) = lists[Int(place.list)] else { return nil }
        let position = filter.withShareName { name in table.groups.firstIndex { $0.isNamed(name) } }
        return position.map { Match(table.groups[$0].next { isPresent($0) }, isShared: true) }
    }

    /// Fills `matchedLists`, walking the topic level by level with all nodes that its levels so far lead to.
    private mutating func findLists(matching topic: UnsafeRawBufferPointer) {
        matchedLists.removeAll()
        frontier.removeAll()
        frontier.append(TrieNodes.root)
        // Wildcards at the first level do not match topics that begin with `$` [MQTT-4.7.2-1].
        var mayUseWildcards = topic.first != UInt8(ascii: "$")
        var start = 0
        while start <= topic.count {
            var end = start
            while end < topic.count, topic[end] != UInt8(ascii: "/") { end += 1 }
            descend(UnsafeRawBufferPointer(rebasing: topic[start..<end]), mayUseWildcards: mayUseWildcards)
            if frontier.isEmpty { return }
            mayUseWildcards = true
            start = end + 1
        }
        for position in 0..<frontier.count {
            let node = nodes[frontier[position]]
            if node.list != TrieNode.none { matchedLists.append(node.list) }
            // `a/#` matches its parent level `a` (§4.7.1.2).
            if node.multiLevelList != TrieNode.none { matchedLists.append(node.multiLevelList) }
        }
    }

    /// Replaces the frontier by the nodes one level further down.
    private mutating func descend(_ level: UnsafeRawBufferPointer, mayUseWildcards: Bool) {
        let key = nodes.key(level)
        nextFrontier.removeAll()
        for position in 0..<frontier.count {
            let number = frontier[position]
            let node = nodes[number]
            if mayUseWildcards {
                if node.multiLevelList != TrieNode.none { matchedLists.append(node.multiLevelList) }
                if node.singleLevelChild != TrieNode.none { nextFrontier.append(node.singleLevelChild) }
            }
            guard node.childCount > (node.singleLevelChild == TrieNode.none ? 0 : 1) else { continue }
            let child = nodes.child(of: number, named: level, key: key)
            if child != TrieNode.none { nextFrontier.append(child) }
        }
        swap(&frontier, &nextFrontier)
    }

    private func visitMatched(
        isAble: (SubscriberHandle) -> Bool,
        _ visit: (_ subscriber: Subscriber, _ isShared: Bool) -> Void
    ) {
        for position in 0..<matchedLists.count {
            switch lists[Int(matchedLists[position])] {
            case .empty:
                break
            case .one(let subscriber):
                visit(subscriber, false)
            case .many(let table):
                for subscriber in table.subscribers { visit(subscriber, false) }
                for position in table.groups.indices {
                    visit(table.groups[position].next { isPresent($0) && isAble($0) }, true)
                }
            }
        }
    }
}
