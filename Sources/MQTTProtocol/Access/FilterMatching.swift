/// The two walks over the levels of filters: does a filter match a topic, and does it cover another filter.
///
/// They work on raw bytes, because rules are compared with topics where these lie, in the read buffer.
enum FilterMatching {
    /// Whether `filter` matches `topic` (MQTT 5.0 §4.7), for a filter of any shape.
    ///
    /// - Parameters:
    ///   - filter: a valid filter, not empty.
    ///   - topic: a topic name, not empty, without wildcards.
    static func matches(filter: UnsafeRawBufferPointer, topic: UnsafeRawBufferPointer) -> Bool {
        if isWildcard(filter[0]), topic[0] == .dollarSign { return false }
        var f = 0
        var t = 0
        while true {
            let filterEnd = levelEnd(filter, from: f)
            let topicEnd = levelEnd(topic, from: t)
            if filterEnd - f == 1, filter[f] == .numberSign { return true }
            let isPlus = filterEnd - f == 1 && filter[f] == .plusSign
            if !isPlus, !levelsEqual(filter, f..<filterEnd, topic, t..<topicEnd) { return false }
            if topicEnd == topic.count {
                return filterEnd == filter.count || isParentTail(filter, at: filterEnd)
            }
            if filterEnd == filter.count { return false }
            f = filterEnd + 1
            t = topicEnd + 1
        }
    }

    /// Whether every topic that `inner` matches is matched by `outer`, for filters of any shape.
    ///
    /// The walk is exact but for one case: it does not see that `+/#` covers `#`, which is why ``FilterShape`` makes
    /// one of the two.
    static func covers(outer: UnsafeRawBufferPointer, inner: UnsafeRawBufferPointer) -> Bool {
        if isWildcard(outer[0]), inner[0] == .dollarSign { return false }
        var o = 0
        var i = 0
        while true {
            let outerEnd = levelEnd(outer, from: o)
            let innerEnd = levelEnd(inner, from: i)
            if outerEnd - o == 1, outer[o] == .numberSign { return true }
            if innerEnd - i == 1, inner[i] == .numberSign { return false }
            let isPlus = outerEnd - o == 1 && outer[o] == .plusSign
            // An inner `+` equals no literal level of a valid filter, so the comparison refuses it as it should.
            if !isPlus, !levelsEqual(outer, o..<outerEnd, inner, i..<innerEnd) { return false }
            if innerEnd == inner.count {
                return outerEnd == outer.count || isParentTail(outer, at: outerEnd)
            }
            if outerEnd == outer.count { return false }
            o = outerEnd + 1
            i = innerEnd + 1
        }
    }

    private static func isWildcard(_ byte: UInt8) -> Bool {
        byte == .plusSign || byte == .numberSign
    }

    private static func levelEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != .solidus { end += 1 }
        return end
    }

    private static func levelsEqual(
        _ left: UnsafeRawBufferPointer,
        _ leftRange: Range<Int>,
        _ right: UnsafeRawBufferPointer,
        _ rightRange: Range<Int>
    ) -> Bool {
        guard leftRange.count == rightRange.count else { return false }
        for offset in 0..<leftRange.count
        where left[leftRange.lowerBound + offset] != right[rightRange.lowerBound + offset] {
            return false
        }
        return true
    }

    /// Whether what remains of the filter at `end` is `/#`, which also matches the level before it.
    private static func isParentTail(_ filter: UnsafeRawBufferPointer, at end: Int) -> Bool {
        filter.count == end + 2 && filter[end] == .solidus && filter[end + 1] == .numberSign
    }
}
