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
}
