/// What the routing knows of a session: a small number instead of a reference.
///
/// Sessions belong to different event loops and may not be touched from the router, so subscriptions name them by handle,
/// and a handle is what travels to the loop that owns the session. Eight bytes; no reference counting.
public struct SubscriberHandle: Hashable, Sendable {
    /// A dense number, unique among the sessions that exist: `MatchSet` keeps a table by it.
    public let index: UInt32
    /// Tells apart the sessions that one after the other had the same `index`, so that a message under way to an ended
    /// session is not given to the one that took its place.
    public let generation: UInt16
    /// Where the session is to be found, as the broker numbers its event loops. Routing does not interpret it.
    public let home: UInt16

    /// Creates a handle.
    public init(index: UInt32, generation: UInt16 = 0, home: UInt16 = 0) {
        self.index = index
        self.generation = generation
        self.home = home
    }
}
