/// What kind of thing a record belongs to. An unknown one refuses to open the store.
enum RecordCollection: UInt8, Sendable {
    /// Retained messages, by topic.
    case retained = 1
}
