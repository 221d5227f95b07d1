/// What kind of thing a record belongs to. An unknown one refuses to open the store.
///
/// A key tells it by its class byte; records state it as well, and both must agree.
enum RecordCollection: UInt8, Sendable {
    /// Retained messages, by topic.
    case retained = 1
    /// What is kept for sessions of clients.
    case sessions = 2

    /// The collection that a key belongs to.
    @inline(__always)
    init(ofKey key: UnsafeRawBufferPointer) {
        self = key[0] == SessionKey.classByte ? .sessions : .retained
    }
}
