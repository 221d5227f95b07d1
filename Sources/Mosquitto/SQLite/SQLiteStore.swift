import CSQLite
import FoundationEssentials

/// The store of mosquitto's persist-sqlite plugin (schema 1.x, mosquitto 2.1), read only.
///
/// Columns that the schema calls STRING have numeric affinity in sqlite, so that a topic `123` is stored as a number: all
/// are read as text.
public struct SQLiteStore: ~Copyable {
    /// The first bytes of every sqlite file.
    public static let magic: [UInt8] = Array("SQLite format 3\0".utf8)

    private let path: String
    private let connection: OpaquePointer

    private static let query = """
        SELECT m.topic, m.payload, m.properties, m.qos, m.expiry_time, m.source_id, m.source_username, m.source_port
        FROM retains AS r JOIN base_msgs AS m ON m.store_id = r.store_id
        """

    /// Opens a file; a journal that a killed broker left beside it is read with it.
    ///
    /// - Throws: ``MosquittoFileError``.
    public init(path: String) throws(MosquittoFileError) {
        var connection: OpaquePointer?
        let result = sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, nil)
        guard result == SQLITE_OK, let connection else {
            defer { sqlite3_close(connection) }
            throw Self.failure(path, connection)
        }
        self.path = path
        self.connection = connection
    }

    deinit {
        sqlite3_close(connection)
    }

    /// How many messages are retained.
    public borrowing func count() throws(MosquittoFileError) -> Int {
        let statement = try prepare("SELECT count(*) FROM retains JOIN base_msgs USING (store_id)")
        defer { sqlite3_finalize(statement) }
        guard sqlite3_step(statement) == SQLITE_ROW else { throw Self.failure(path, connection) }
        return Int(sqlite3_column_int64(statement, 0))
    }

    /// Hands out the retained messages; `nil` in place of one whose properties are none of MQTT 5.0.
    public borrowing func forEach(
        _ body: (RetainedMessage?) throws -> Void
    ) throws {
        let statement = try prepare(Self.query)
        defer { sqlite3_finalize(statement) }
        while true {
            let result = sqlite3_step(statement)
            if result == SQLITE_DONE { return }
            guard result == SQLITE_ROW else { throw Self.failure(path, connection) }
            try body(Self.message(statement))
        }
    }

    private borrowing func prepare(_ query: String) throws(MosquittoFileError) -> OpaquePointer {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(connection, query, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw Self.failure(path, connection)
        }
        return statement
    }

    private static func message(_ row: OpaquePointer) -> RetainedMessage? {
        guard let properties = properties(text(row, 2)) else { return nil }
        return RetainedMessage(
            topic: text(row, 0),
            payload: blob(row, 1),
            properties: properties,
            qos: UInt8(clamping: sqlite3_column_int64(row, 3)),
            expirySeconds: UInt64(clamping: sqlite3_column_int64(row, 4)),
            clientID: text(row, 5),
            userName: text(row, 6),
            listenerPort: UInt16(clamping: sqlite3_column_int64(row, 7))
        )
    }

    private static func properties(_ json: [UInt8]) -> [UInt8]? {
        if json.isEmpty { return [] }
        return (try? JSONDecoder().decode([PropertyJSON].self, from: Data(json))).flatMap(PropertyJSON.encoded)
    }

    // sqlite3_column_bytes(3): asked after the value, whose conversion it counts.
    private static func text(_ row: OpaquePointer, _ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_text(row, column) else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(row, column))))
    }

    private static func blob(_ row: OpaquePointer, _ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(row, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(row, column))))
    }

    private static func failure(_ path: String, _ connection: OpaquePointer?) -> MosquittoFileError {
        let reason = connection.flatMap(sqlite3_errmsg).map { String(cString: $0) } ?? "out of memory"
        return MosquittoFileError(
            .unreadable,
            at: SourceLocation(file: path, line: 0),
            "sqlite cannot read the store of mosquitto's persist-sqlite plugin: \(reason)",
            remedy: "stop mosquitto first, and check the path and its permissions"
        )
    }
}
