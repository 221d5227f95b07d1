/// What the users of a store have been told, and must find whatever crashes from then on.
struct Promises: Sendable, Equatable {
    /// The last LSN that is durable.
    var acknowledgedLSN: UInt64 = 0
    /// Shreds that have ended: those namespaces' messages are gone.
    var shredCount = 0
    /// The generation of data keys that is in use.
    var keyGeneration: UInt32 = 1
}
