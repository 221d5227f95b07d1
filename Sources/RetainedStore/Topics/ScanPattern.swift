/// Finds the topics that a filter matches among blind keys in order: a skip scan that touches what it returns and, for
/// every distinct prefix that a `+` stands for, at most two keys more.
///
/// A key shows a topic's levels as tokens, each of which depends on all levels before it. So the tokens of literal levels
/// in front of the first `+` are known beforehand, and those behind a `+` are computed from the token that a key has
/// there. Between two levels, the order of keys is the order of tokens: behind a token that is too great for a literal
/// level, the nearest `+` before it moves on to its next token.
///
/// One per scan; belongs to the owner of its ``TopicBlinder``. It may be kept between the batches of a scan.
final class ScanPattern {
    /// The token that a literal level has below a parent, for the parent that was asked about last.
    private struct Expectation {
        var parent: UInt128
        var token: UInt128
    }

    private let filter: [UInt8]
    private let blinder: TopicBlinder
    private let levels: [ScanLevel]
    /// Whether the filter ends in `#`, and that was not folded away.
    private let isMultiLevel: Bool
    private let keyClass: UInt8
    // One owner at a time is this class's contract; checking it anew for every key costs as much as the work.
    @exclusivity(unchecked) private var expectations: [Expectation?]

    /// The pattern of a topic filter; `nil` if it is none (MQTT 5.0, 4.7.1).
    ///
    /// - Parameter filter: As in SUBSCRIBE, without `$share/…/`. Copied.
    init?(filter: UnsafeRawBufferPointer, blinder: TopicBlinder) {
        guard let (levels, isMultiLevel) = ScanLevel.levels(ofFilter: filter) else { return nil }
        self.filter = Array(filter)
        self.blinder = blinder
        self.levels = levels
        self.isMultiLevel = isMultiLevel
        self.keyClass = filter.first == UInt8(ascii: "$") ? 1 : 0
        self.expectations = Array(repeating: nil, count: levels.count)
    }

    /// Whether the filter is a topic name: ``firstSeek(into:)`` then writes the one key that can match.
    var isExact: Bool {
        !isMultiLevel
            && levels.allSatisfy {
                switch $0 {
                case .literal, .foldedLiteral: true
                case .any, .foldedAny: false
                }
            }
    }

    /// Writes the key at or behind which the scan begins and returns its length.
    ///
    /// - Parameter key: At least ``BlindTopicKey/bytesMax`` bytes.
    func firstSeek(into key: UnsafeMutableRawBufferPointer) -> Int {
        precondition(key.count >= BlindTopicKey.bytesMax, "a blind key takes up to 497 bytes")
        key[0] = keyClass
        return appendLiterals(from: 0, to: key)
    }

    /// Says what a key is to the scan, and where to go on.
    ///
    /// - Parameters:
    ///   - key: A well-formed key, at or behind the last seek.
    ///   - next: At least ``BlindTopicKey/bytesMax`` bytes, not the key's own; holds the key to seek if that is the answer.
    func examine(_ key: UnsafeRawBufferPointer, next: UnsafeMutableRawBufferPointer) -> ScanStep {
        precondition(next.count >= BlindTopicKey.bytesMax, "a blind key takes up to 497 bytes")
        if key[0] != keyClass { return key[0] < keyClass ? .seek(keyBytes: firstSeek(into: next)) : .end }
        let tokensCount = (key.count - 1) / BlindTopicKey.tokenBytes
        var isFolded = false
        for index in levels.indices {
            switch levels[index] {
            case .any:
                guard index < tokensCount else { return .skip }
            case .foldedAny:
                guard index < tokensCount else { return .skip }
                isFolded = true
            case .literal, .foldedLiteral:
                guard index < tokensCount else {
                    copyPrefix(of: key, tokensCount: index, to: next)
                    return .seek(keyBytes: appendLiterals(from: index, to: next))
                }
                let expected = expectedToken(at: index, in: key)
                let found = Self.token(at: index, in: key)
                if found == expected { continue }
                if found > expected { return seekPast(key, level: index, next: next) }
                copyPrefix(of: key, tokensCount: index, to: next)
                return .seek(keyBytes: appendLiterals(from: index, to: next))
            }
        }
        if isMultiLevel || tokensCount == levels.count { return isFolded ? .matchAfterOpening : .match }
        return seekPast(key, level: levels.count, next: next)
    }

    /// Whether the filter matches a topic name.
    func matches(topic: UnsafeRawBufferPointer) -> Bool {
        filter.withUnsafeBytes { Self.matches(filter: $0, topic: topic) }
    }

    // MARK: - Tokens

    /// The key's token as a number that is ordered as keys are.
    @inline(__always)
    private static func token(at index: Int, in key: UnsafeRawBufferPointer) -> UInt128 {
        UInt128(
            bigEndian: key.loadUnaligned(fromByteOffset: 1 + index * BlindTopicKey.tokenBytes, as: UInt128.self)
        )
    }

    /// The token that the literal level at `index` has below the tokens that `key` has before it.
    private func expectedToken(at index: Int, in key: UnsafeRawBufferPointer) -> UInt128 {
        let parent = index == 0 ? 0 : Self.token(at: index - 1, in: key)
        if let expectation = expectations[index], expectation.parent == parent { return expectation.token }
        let range: Range<Int>
        let isFolded: Bool
        switch levels[index] {
        case .literal(let bytes): (range, isFolded) = (bytes, false)
        case .foldedLiteral(let bytes): (range, isFolded) = (bytes, true)
        case .any, .foldedAny: preconditionFailure("a wildcard has no token of its own")
        }
        var token: UInt128 = 0
        withUnsafeMutableBytes(of: &token) { token in
            withUnsafeBytes(of: parent.bigEndian) { parent in
                filter.withUnsafeBytes { filter in
                    guard let output = token.baseAddress else { return }
                    blinder.writeToken(
                        of: UnsafeRawBufferPointer(rebasing: filter[range]),
                        parent: index == 0 ? nil : parent.baseAddress,
                        isFolded: isFolded,
                        to: output
                    )
                }
            }
        }
        let expected = UInt128(bigEndian: token)
        expectations[index] = Expectation(parent: parent, token: expected)
        return expected
    }

    // MARK: - Seeking

    /// Copies the class byte and the first tokens.
    private func copyPrefix(of key: UnsafeRawBufferPointer, tokensCount: Int, to next: UnsafeMutableRawBufferPointer) {
        next.copyMemory(from: UnsafeRawBufferPointer(rebasing: key[..<(1 + tokensCount * BlindTopicKey.tokenBytes)]))
    }

    /// Appends the tokens of the literal levels from `index` up to the next wildcard, and in its place the least token,
    /// which passes over the parent of what it stands for; returns the key's length.
    private func appendLiterals(from index: Int, to key: UnsafeMutableRawBufferPointer) -> Int {
        var index = index
        while index < levels.count {
            let offset = 1 + index * BlindTopicKey.tokenBytes
            index += 1
            switch levels[index - 1] {
            case .any, .foldedAny:
                key.storeBytes(of: 0, toByteOffset: offset, as: UInt128.self)
                return offset + BlindTopicKey.tokenBytes
            case .literal, .foldedLiteral:
                let token = expectedToken(at: index - 1, in: UnsafeRawBufferPointer(key))
                key.storeBytes(of: token.bigEndian, toByteOffset: offset, as: UInt128.self)
            }
        }
        return 1 + index * BlindTopicKey.tokenBytes
    }

    /// The seek behind everything that shares the key's tokens up to the nearest wildcard before `level`.
    private func seekPast(_ key: UnsafeRawBufferPointer, level: Int, next: UnsafeMutableRawBufferPointer) -> ScanStep {
        var index = level - 1
        while index >= 0 {
            switch levels[index] {
            case .any, .foldedAny:
                let token = Self.token(at: index, in: key)
                // Behind the greatest token there is nothing; then an earlier wildcard has to move.
                guard token < UInt128.max else { break }
                copyPrefix(of: key, tokensCount: index, to: next)
                next.storeBytes(
                    of: (token + 1).bigEndian,
                    toByteOffset: 1 + index * BlindTopicKey.tokenBytes,
                    as: UInt128.self
                )
                return .seek(keyBytes: 1 + (index + 1) * BlindTopicKey.tokenBytes)
            case .literal, .foldedLiteral:
                break
            }
            index -= 1
        }
        return .end
    }
}
