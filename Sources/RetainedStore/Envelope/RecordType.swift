/// What a record does to its topic. An unknown one refuses to open the store.
enum RecordType: UInt8, Sendable {
    /// Gives the topic a retained message.
    case set = 1
    /// Takes the retained message away.
    case clear = 2
}
