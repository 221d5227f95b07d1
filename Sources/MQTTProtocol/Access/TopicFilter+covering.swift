import MQTTWire

extension TopicFilter {
    /// Whether every topic that `inner` matches is matched by `outer`, both as raw bytes.
    ///
    /// The walk is exact but for two cases, in which it says no. It does not see that `+/#` covers `#`, which is why
    /// ``FilterShape`` makes one of the two; nor that `/+/#` covers `/#` because no topic is empty.
    ///
    /// - Parameters:
    ///   - outer: a valid topic filter without `$share/NAME/`.
    ///   - inner: likewise.
    static func covers(outer: UnsafeRawBufferPointer, inner: UnsafeRawBufferPointer) -> Bool {
        guard let outerFirst = outer.first, let innerFirst = inner.first else { return false }
        // What begins with a wildcard reaches no topic that begins with `$` [MQTT-4.7.2-1].
        if innerFirst == .dollarSign, outerFirst == .plusSign || outerFirst == .numberSign { return false }
        var outerLevels = TopicLevels(in: outer)
        var innerLevels = TopicLevels(in: inner)
        while let outerLevel = outerLevels.next() {
            if outerLevel.elementsEqual(CollectionOfOne(.numberSign)) { return true }
            guard let innerLevel = innerLevels.next(), !innerLevel.elementsEqual(CollectionOfOne(.numberSign)) else {
                return false
            }
            // An inner `+` equals no literal level, so the comparison refuses it as it should.
            if !outerLevel.elementsEqual(CollectionOfOne(.plusSign)), !outerLevel.elementsEqual(innerLevel) {
                return false
            }
        }
        return innerLevels.next() == nil
    }

    /// Whether some topic is matched by both filters, as raw bytes.
    ///
    /// - Parameters:
    ///   - one: a valid topic filter without `$share/NAME/`.
    ///   - other: likewise.
    static func intersect(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard let oneFirst = one.first, let otherFirst = other.first else { return false }
        // What begins with a wildcard reaches no topic that begins with `$` [MQTT-4.7.2-1].
        for (first, second) in [(oneFirst, otherFirst), (otherFirst, oneFirst)]
        where first == .dollarSign && (second == .plusSign || second == .numberSign) {
            return false
        }
        var oneLevels = TopicLevels(in: one)
        var otherLevels = TopicLevels(in: other)
        while true {
            let (oneLevel, otherLevel) = (oneLevels.next(), otherLevels.next())
            // `#` matches the rest, and the level above it.
            if oneLevel?.elementsEqual(CollectionOfOne(.numberSign)) == true { return true }
            if otherLevel?.elementsEqual(CollectionOfOne(.numberSign)) == true { return true }
            guard let oneLevel, let otherLevel else { return oneLevel == nil && otherLevel == nil }
            let isMet =
                oneLevel.elementsEqual(CollectionOfOne(.plusSign))
                || otherLevel.elementsEqual(CollectionOfOne(.plusSign))
                || oneLevel.elementsEqual(otherLevel)
            if !isMet { return false }
        }
    }
}
