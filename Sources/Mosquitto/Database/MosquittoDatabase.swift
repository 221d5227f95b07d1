/// What a mosquitto.db retains (versions 2 to 6, of mosquitto 1.0 to 2.1).
///
/// The file begins with 15 bytes `00 B5 00` "mosquitto db", a CRC that is always 0 (u32) and the version (u32, big endian);
/// chunks follow (``DatabaseChunk``). Retained is what a RETAIN chunk names: base messages with the retain flag may also
/// be copies that wait in queues. The RETAIN chunks stand last, so that a truncated file has lost marks before it has
/// lost messages: those are told apart here, and never taken for retained unasked.
public struct MosquittoDatabase: Sendable {
    /// The first bytes of every version.
    public static let magic: [UInt8] = [0x00, 0xB5, 0x00] + Array("mosquitto db".utf8)
    /// The versions that can be read.
    public static let versions: ClosedRange<UInt32> = 2...6

    private static let headerBytes = 23
    /// Chunks of higher types than any version of mosquitto has thought of are damage, and not its future.
    private static let chunkTypeMax: UInt32 = 0xFF
    /// Damaged places that are listed; there may be more.
    private static let damageListedMax = 100

    public let version: UInt32
    /// Messages that RETAIN chunks name, each the retained message of its topic.
    public var markedCount: Int { marked.count }
    /// Messages with the retain flag that no RETAIN chunk names, newest of their topics, for topics without a named one.
    ///
    /// In a whole file these are queued copies of what was replaced or cleared since; in a truncated one they may be
    /// messages that have lost their mark.
    public var unmarkedCount: Int { unmarked.count }
    /// Topics of those messages, in the file's order.
    public var unmarkedTopics: [[UInt8]] {
        unmarked.compactMap { place in
            guard case .success(let lost) = message(at: place) else { return nil }
            return lost.topic
        }
    }
    /// Places that are damaged; empty for a whole file.
    public private(set) var damage: [DatabaseDamage] = []
    /// Damaged places, those that are not listed included.
    public private(set) var damageCount = 0

    private let bytes: [UInt8]
    private var marked: [Int] = []
    private var unmarked: [Int] = []

    /// Reads a file's bytes.
    ///
    /// - Throws: ``DatabaseError`` where they are no mosquitto.db; damage inside one is reported in ``damage``.
    public init(bytes: [UInt8]) throws(DatabaseError) {
        guard bytes.count >= Self.headerBytes, bytes.starts(with: Self.magic) else { throw .notADatabase }
        version = bytes.withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: 19, as: UInt32.self)) }
        guard Self.versions.contains(version) else { throw .unsupportedVersion(version) }
        self.bytes = bytes
        walk()
    }

    /// Hands out the retained messages.
    ///
    /// - Parameters:
    ///   - includingUnmarked: Whether messages that have lost their mark are handed out too.
    ///   - body: Called once for each message, with the damage in its place where its properties cannot be read.
    public func forEach<Failure: Error>(
        includingUnmarked: Bool,
        _ body: (Result<RetainedMessage, DatabaseDamage>) throws(Failure) -> Void
    ) throws(Failure) {
        for offset in includingUnmarked ? marked + unmarked : marked {
            try body(message(at: offset))
        }
    }

    private func message(at offset: Int) -> Result<RetainedMessage, DatabaseDamage> {
        bytes.withUnsafeBytes { bytes in
            guard let chunk = DatabaseChunk(bytes, at: offset, version: version),
                let message = BaseMessage(bytes, chunk, version: version)?.message(in: bytes)
            else { return .failure(DatabaseDamage(at: offset, "the properties of a message are malformed")) }
            return .success(message)
        }
    }

    // MARK: - Walking the file

    private mutating func walk() {
        var places: [UInt64: Int] = [:]
        var named: [UInt64] = []
        var flagged: [(storeID: UInt64, place: Int)] = []
        var findings: [DatabaseDamage] = []
        let version = version
        bytes.withUnsafeBytes { bytes in
            var offset = Self.headerBytes
            while offset < bytes.count {
                guard let chunk = DatabaseChunk(bytes, at: offset, version: version),
                    chunk.body.upperBound <= bytes.count, chunk.type <= Self.chunkTypeMax
                else {
                    findings.append(Self.overrun(bytes, at: offset, version: version))
                    guard let next = Self.nextChunk(in: bytes, behind: offset, version: version) else { return }
                    offset = next
                    continue
                }
                switch ChunkType(rawValue: chunk.type) {
                case .baseMessage:
                    if let message = BaseMessage(bytes, chunk, version: version), !message.topic.isEmpty {
                        places[message.storeID] = offset
                        if message.isRetained { flagged.append((message.storeID, offset)) }
                    } else {
                        findings.append(
                            DatabaseDamage(at: offset, "a message whose lengths do not fit into its chunk")
                        )
                    }
                case .retain:
                    var cursor = ByteCursor(bytes, from: chunk.body.lowerBound, to: chunk.body.upperBound)
                    if let storeID = cursor.littleEndian(UInt64.self) {
                        named.append(storeID)
                    } else {
                        findings.append(DatabaseDamage(at: offset, "a retain mark that names no message"))
                    }
                case .configuration, .clientMessage, .subscription, .client, nil:
                    // mosquitto, too, passes over what it does not know by its length.
                    break
                }
                offset = chunk.body.upperBound
            }
        }
        damageCount = findings.count
        damage = Array(findings.prefix(Self.damageListedMax))
        // As in mosquitto, a mark without its message means nothing.
        marked = named.compactMap { places[$0] }
        let marks = Set(named)
        unmarked = newest(of: flagged.filter { !marks.contains($0.storeID) })
    }

    /// Of messages without a mark, the newest of each topic that has no marked one; later store ids are newer.
    private func newest(of candidates: [(storeID: UInt64, place: Int)]) -> [Int] {
        guard !candidates.isEmpty else { return [] }
        return bytes.withUnsafeBytes { bytes in
            func topic(at place: Int) -> [UInt8]? {
                DatabaseChunk(bytes, at: place, version: version)
                    .flatMap { BaseMessage(bytes, $0, version: version) }
                    .flatMap { $0.payload.isEmpty ? nil : Array(bytes[$0.topic]) }
            }
            let taken = Set(marked.compactMap(topic))
            var newest: [[UInt8]: (storeID: UInt64, place: Int)] = [:]
            for candidate in candidates {
                guard let topic = topic(at: candidate.place), !taken.contains(topic) else { continue }
                if let known = newest[topic], known.storeID > candidate.storeID { continue }
                newest[topic] = candidate
            }
            return newest.values.map(\.place).sorted()
        }
    }

    private static func overrun(_ bytes: UnsafeRawBufferPointer, at offset: Int, version: UInt32) -> DatabaseDamage {
        let left = bytes.count - offset
        guard let chunk = DatabaseChunk(bytes, at: offset, version: version) else {
            return DatabaseDamage(
                at: offset,
                "the file ends within the header of a chunk, \(left) bytes behind its start"
            )
        }
        guard chunk.type <= chunkTypeMax else { return DatabaseDamage(at: offset, "no chunk begins here") }
        return DatabaseDamage(
            at: offset,
            "a chunk of type \(chunk.type) has \(chunk.body.count) bytes, of which \(bytes.count - chunk.body.lowerBound) are there"
        )
    }

    /// The next place where a chunk begins as mosquitto writes it, with another one or the end behind it.
    private static func nextChunk(in bytes: UnsafeRawBufferPointer, behind offset: Int, version: UInt32) -> Int? {
        var place = offset + 1
        while place + DatabaseChunk.headerBytes(version: version) <= bytes.count {
            if let chunk = DatabaseChunk(bytes, at: place, version: version),
                chunk.isPlausible(in: bytes, version: version)
            {
                let end = chunk.body.upperBound
                if end == bytes.count { return place }
                if let next = DatabaseChunk(bytes, at: end, version: version), ChunkType(rawValue: next.type) != nil {
                    return place
                }
            }
            place += 1
        }
        return nil
    }
}
