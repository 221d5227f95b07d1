@testable import RetainedStore

/// A session's record with texts in place of views, as tests compare it.
struct SessionRecordText: Hashable {
    var session: UInt128 = 1
    var kind: SessionRecordKind
    var number: UInt64 = 0
    var name = ""
    var state = ""
    var payload = ""
    var qos: UInt8 = 0
    var expiryTimeSeconds: UInt64 = 0

    /// A message that waits.
    static func message(_ number: UInt64, _ topic: String, _ payload: String, session: UInt128 = 1) -> Self {
        Self(session: session, kind: .message, number: number, name: topic, state: "state", payload: payload, qos: 1)
    }

    init(
        session: UInt128 = 1,
        kind: SessionRecordKind,
        number: UInt64 = 0,
        name: String = "",
        state: String = "",
        payload: String = "",
        qos: UInt8 = 0
    ) {
        self.session = session
        self.kind = kind
        self.number = number
        self.name = name
        self.state = state
        self.payload = payload
        self.qos = qos
    }

    init(_ record: SessionRecord) {
        session = record.session
        kind = record.kind
        number = record.number
        name = String(decoding: record.name, as: UTF8.self)
        state = String(decoding: record.state, as: UTF8.self)
        payload = String(decoding: record.payload, as: UTF8.self)
        qos = record.qos
        expiryTimeSeconds = record.expiryTimeSeconds
    }
}

extension StoreWriter {
    /// Commits records of sessions as one batch.
    @discardableResult
    func commit(set: [SessionRecordText] = [], clear: [SessionRecordText] = []) throws -> UInt64 {
        var memory: [UnsafeMutableRawBufferPointer] = []
        defer { for bytes in memory { bytes.deallocate() } }
        func copy(_ text: String) -> UnsafeRawBufferPointer {
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
            bytes.copyBytes(from: Array(text.utf8))
            memory.append(bytes)
            return UnsafeRawBufferPointer(bytes)
        }
        func record(_ text: SessionRecordText) -> SessionRecord {
            var record = SessionRecord(
                session: text.session,
                kind: text.kind,
                number: text.number,
                name: copy(text.name),
                state: copy(text.state)
            )
            record.payload = copy(text.payload)
            record.qos = text.qos
            record.expiryTimeSeconds = text.expiryTimeSeconds
            return record
        }
        for text in set { self.set(record(text)) }
        for text in clear { self.clear(record(text)) }
        return try commit { _ in }
    }
}

extension StoreReader {
    /// Every record of every session.
    func sessionRecords() throws -> Set<SessionRecordText> {
        var found: Set<SessionRecordText> = []
        var count = 0
        try forEachSessionRecord {
            found.insert(SessionRecordText($0))
            count += 1
        }
        precondition(found.count == count, "a record was handed out twice")
        return found
    }
}
