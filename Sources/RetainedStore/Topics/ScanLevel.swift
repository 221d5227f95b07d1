/// What a topic filter says about one token of a blind key.
enum ScanLevel: Equatable {
    /// The token of these bytes of the filter.
    case literal(Range<Int>)
    /// The one token of all literal levels from the 31st on.
    case foldedLiteral(Range<Int>)
    /// `+`: any token.
    case any
    /// The levels from the 31st on, with wildcards among them: any token, to be looked at after opening.
    case foldedAny

    /// What a filter says about the tokens of a key, and whether it ends in a `#` that further tokens may answer to.
    ///
    /// - Returns: `nil` if the bytes are no topic filter: empty, a wildcard that is not a level of its own, or a `#` that is
    ///   not the last (MQTT 5.0, 4.7.1).
    static func levels(ofFilter filter: UnsafeRawBufferPointer) -> (levels: [ScanLevel], isMultiLevel: Bool)? {
        guard filter.count > 0 else { return nil }
        var levels: [ScanLevel] = []
        var foldedBytes = filter.count..<filter.count
        var isMultiLevel = false
        for range in TopicLevels(filter) {
            guard !isMultiLevel else { return nil }
            let bytes = filter[range]
            if bytes.elementsEqual(CollectionOfOne(UInt8(ascii: "#"))) {
                isMultiLevel = true
                continue
            }
            if levels.count == BlindTopicKey.levelTokensMax { foldedBytes = range.lowerBound..<filter.count }
            if bytes.elementsEqual(CollectionOfOne(UInt8(ascii: "+"))) {
                levels.append(.any)
                continue
            }
            guard !bytes.contains(UInt8(ascii: "+")), !bytes.contains(UInt8(ascii: "#")) else { return nil }
            levels.append(.literal(range))
        }
        guard levels.count > BlindTopicKey.levelTokensMax else { return (levels, isMultiLevel) }
        let hasWildcard = isMultiLevel || levels[BlindTopicKey.levelTokensMax...].contains(.any)
        let folded = hasWildcard ? ScanLevel.foldedAny : .foldedLiteral(foldedBytes)
        // A key has at most 31 tokens: a `#` behind them has nothing left to answer to.
        return (levels[..<BlindTopicKey.levelTokensMax] + [folded], false)
    }
}
