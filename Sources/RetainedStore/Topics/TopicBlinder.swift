internal import Glibc

/// Turns topics into the keys under which they stand in the store: one per owner, never shared between threads.
///
/// token(0) = SipHash-2-4-128(index key, level(0)); token(i) = SipHash-2-4-128(index key, token(i−1) ‖ level(i)). Topics
/// under a parent that was seen lately cost one SipHash, a topic that was itself seen lately costs none.
final class TopicBlinder {
    // One owner at a time is this class's contract; checking it anew for every topic costs as much as the work.
    @exclusivity(unchecked) private var function: SipHash128
    @exclusivity(unchecked) private var topics = BlindTokenCache(entriesCount: 512)
    @exclusivity(unchecked) private var parents = BlindTokenCache(entriesCount: 256)
    /// token(i−1), perhaps `0xFF`, then a level as far as it fits: one call of libcrypto for nearly every token.
    private let message: UnsafeMutableRawBufferPointer
    /// Where the levels of the current topic end, and the hash of the topic up to there.
    private let ends: UnsafeMutablePointer<(offset: Int, hash: UInt64)>

    /// What stands before folded levels: never a byte of UTF-8.
    private static let foldMark: UInt8 = 0xFF
    private static let messageBytes = 256

    /// - Parameter indexKey: 16 bytes.
    init(indexKey: SecretBytes) throws(EnvironmentError) {
        self.function = try SipHash128(key: indexKey)
        self.message = .allocate(byteCount: Self.messageBytes, alignment: 16)
        self.ends = .allocate(capacity: BlindTopicKey.levelTokensMax)
        ends.initialize(repeating: (0, 0), count: BlindTopicKey.levelTokensMax)
    }

    deinit {
        message.deallocate()
        ends.deallocate()
    }

    /// Writes the blind key of a topic and returns its length, 17…497 bytes.
    ///
    /// - Parameters:
    ///   - topic: A topic name; what is in it is not checked.
    ///   - key: At least ``BlindTopicKey/bytesMax`` bytes.
    func blind(_ topic: UnsafeRawBufferPointer, into key: UnsafeMutableRawBufferPointer) -> Int {
        precondition(key.count >= BlindTopicKey.bytesMax, "a blind key takes up to 497 bytes")
        guard let output = key.baseAddress else { return 0 }
        // Every level but the last, and where the last (or what is folded) begins.
        var levelsCount = 0
        var start = 0
        var hash = BlindTokenCache.hashSeed
        while levelsCount < BlindTopicKey.levelTokensMax, let end = Self.endOfLevel(in: topic, from: start) {
            hash = BlindTokenCache.hash(hash, extendedBy: UnsafeRawBufferPointer(rebasing: topic[start..<end]))
            ends[levelsCount] = (end, hash)
            levelsCount += 1
            start = end + 1
        }
        let last = UnsafeRawBufferPointer(rebasing: topic[start...])
        let topicHash = BlindTokenCache.hash(hash, extendedBy: last)
        let known = topics.copyKey(ofPrefix: topic, hash: topicHash, to: output)
        if known > 0 { return known }

        var depth = knownParents(of: topic, levelsCount: levelsCount, into: output)
        if depth == 0 { output.storeBytes(of: topic.first == UInt8(ascii: "$") ? 1 : 0, as: UInt8.self) }
        while depth < levelsCount {
            let begin = depth == 0 ? 0 : ends[depth - 1].offset + 1
            let level = UnsafeRawBufferPointer(rebasing: topic[begin..<ends[depth].offset])
            writeToken(at: depth, of: output, level: level, isFolded: false)
            depth += 1
            parents.remember(
                prefix: UnsafeRawBufferPointer(rebasing: topic[..<ends[depth - 1].offset]),
                hash: ends[depth - 1].hash,
                key: output,
                keyBytes: 1 + depth * BlindTopicKey.tokenBytes
            )
        }
        writeToken(at: depth, of: output, level: last, isFolded: depth == BlindTopicKey.levelTokensMax)
        let keyBytes = 1 + (depth + 1) * BlindTopicKey.tokenBytes
        topics.remember(prefix: topic, hash: topicHash, key: output, keyBytes: keyBytes)
        return keyBytes
    }

    /// The token of a level below a parent, as filters need it.
    ///
    /// - Parameters:
    ///   - parent: The 16 bytes of the parent's token; `nil` for the first level.
    ///   - isFolded: Whether `level` is all levels from the 31st on.
    func writeToken(
        of level: UnsafeRawBufferPointer,
        parent: UnsafeRawPointer?,
        isFolded: Bool,
        to token: UnsafeMutableRawPointer
    ) {
        var prefixBytes = 0
        if let parent, let message = message.baseAddress {
            message.copyMemory(from: parent, byteCount: BlindTopicKey.tokenBytes)
            prefixBytes = BlindTopicKey.tokenBytes
        }
        if isFolded {
            message[prefixBytes] = Self.foldMark
            prefixBytes += 1
        }
        let fitting = min(level.count, Self.messageBytes - prefixBytes)
        if let bytes = level.baseAddress, let message = message.baseAddress {
            (message + prefixBytes).copyMemory(from: bytes, byteCount: fitting)
        }
        function.update(UnsafeRawBufferPointer(rebasing: message[..<(prefixBytes + fitting)]))
        if fitting < level.count { function.update(UnsafeRawBufferPointer(rebasing: level[fitting...])) }
        function.finish(into: token)
    }

    private func writeToken(
        at depth: Int,
        of key: UnsafeMutableRawPointer,
        level: UnsafeRawBufferPointer,
        isFolded: Bool
    ) {
        let token = key + (1 + depth * BlindTopicKey.tokenBytes)
        let parent = depth == 0 ? nil : UnsafeRawPointer(token - BlindTopicKey.tokenBytes)
        writeToken(of: level, parent: parent, isFolded: isFolded, to: token)
    }

    /// Copies the longest known chain of parents to `output` and returns how many levels it has.
    private func knownParents(
        of topic: UnsafeRawBufferPointer,
        levelsCount: Int,
        into output: UnsafeMutableRawPointer
    ) -> Int {
        var depth = min(levelsCount, BlindTokenCache.levelsMax)
        while depth > 0 {
            let end = ends[depth - 1]
            let prefix = UnsafeRawBufferPointer(rebasing: topic[..<end.offset])
            if parents.copyKey(ofPrefix: prefix, hash: end.hash, to: output) > 0 { return depth }
            depth -= 1
        }
        return 0
    }

    /// Where the level that begins at `start` ends, if a slash ends it.
    @inline(__always)
    private static func endOfLevel(in topic: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let bytes = topic.baseAddress, start < topic.count,
            let slash = memchr(bytes + start, Int32(UInt8(ascii: "/")), topic.count - start)
        else { return nil }
        return UnsafeRawPointer(slash) - bytes
    }
}
