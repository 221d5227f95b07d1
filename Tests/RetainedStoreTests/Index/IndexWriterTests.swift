import Testing

@testable import RetainedStore

@Suite struct IndexWriterTests {
    private let auditKey = [UInt8](repeating: 1, count: 32).secret
    private let stateKey = [UInt8](repeating: 2, count: 32).secret
    private let key = [UInt8](repeating: 0, count: 17)

    /// A record of the journal with sealed bytes that begin with a number.
    private func withRecord<Result>(
        version: UInt64,
        type: RecordType = .set,
        content: UInt8 = 0,
        _ body: (JournalRecord) throws -> Result
    ) rethrows -> Result {
        let sealedBytes = 200
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: JournalRecord.bytes(keyBytes: key.count, sealedBytes: sealedBytes),
            alignment: 8
        )
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: content)
        guard let base = memory.baseAddress else { preconditionFailure("no memory") }
        key.withUnsafeBytes { key in
            JournalRecord.begin(
                at: base,
                type: type.rawValue,
                key: key,
                sealedBytes: sealedBytes,
                version: version,
                dataKeyID: 7
            )
        }
        JournalRecord.finish(at: base, keyBytes: key.count, sealedBytes: sealedBytes)
        return try body(JournalRecord(base: UnsafeRawPointer(base)))
    }

    private func index(_ directory: TemporaryDirectory) throws -> IndexEnvironment {
        var limits = StoreLimits()
        limits.mapBytes = 1 << 24
        return try IndexEnvironment(path: directory.path, limits: limits)
    }

    /// Applies records, each in a transaction of its own, and returns the states that they led to.
    private func apply(
        _ records: [(version: UInt64, type: RecordType, content: UInt8)],
        to index: IndexEnvironment
    ) throws -> [IndexState] {
        var states = [IndexState(timeline: 1)]
        for record in records {
            let writer = try IndexWriter(index, state: states[states.count - 1], versionMax: 100, auditKey: auditKey)
            try withRecord(version: record.version, type: record.type, content: record.content) { record in
                try key.withUnsafeBytes { try writer.apply(record, key: $0) }
            }
            states.append(try writer.commit(appliedLSN: nil, setID: 1, stateKey: stateKey))
        }
        return states
    }

    @Test("A record is applied only if its version is newer than the stored one")
    func versions() throws {
        let directory = TemporaryDirectory()
        let index = try index(directory)
        let states = try apply([(5, .set, 1), (3, .set, 2), (5, .set, 3), (4, .clear, 4), (6, .set, 5)], to: index)
        #expect(states[1].count == 1)
        #expect(states[2] == states[1])
        #expect(states[3] == states[1])
        #expect(states[4] == states[1])
        #expect(states[5].count == 1)
        #expect(states[5].digest != states[1].digest)
        let reader = try IndexReader(index)
        try reader.begin()
        let value = try key.withUnsafeBytes { try reader.value(of: $0) }
        #expect(value.map { $0.loadLittleEndian(at: 0, as: UInt64.self) } == 6)
        reader.end()
    }

    @Test("A clear removes its topic and every trace of it from count, bytes and digest")
    func clear() throws {
        let directory = TemporaryDirectory()
        let index = try index(directory)
        let states = try apply([(5, .set, 1), (6, .clear, 0), (7, .clear, 0)], to: index)
        #expect(states[2] == states[0])
        #expect(states[3] == states[0])
    }

    @Test("A stored version beyond the journal is damage: it would keep out everything newer")
    func foreignVersion() throws {
        let directory = TemporaryDirectory()
        let index = try index(directory)
        _ = try apply([(101, .set, 1)], to: index)
        #expect(throws: IndexError.self) { try apply([(50, .set, 1)], to: index) }
    }

    @Test("The state is committed with the records, and read back")
    func state() throws {
        let directory = TemporaryDirectory()
        let index = try index(directory)
        let states = try apply([(5, .set, 1)], to: index)
        #expect(try index.state(setID: 1, key: stateKey) == states[1])
        #expect(states[1].valueBytes == 232)
    }
}
