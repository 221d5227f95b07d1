/// A record as a journal has it.
struct ReplayedRecord: Equatable {
    var version: UInt64
    var topic: String
    /// nil: a clear.
    var payload: String?
}
