/// What the routing knows of a session: a small number instead of a reference.
///
/// Sessions belong to different event loops and may not be touched from the router, so subscriptions name them by handle.
/// On which loop a session lives is not part of its handle, as a takeover moves it: the broker keeps that in one table by
/// `index`, so that moving a session with ten thousand subscriptions changes one entry. Eight bytes; no reference
/// counting.
public struct SubscriberHandle: Hashable, Sendable {
    /// A dense number, unique among the sessions that exist: `MatchSet` keeps a table by it.
    public let index: UInt32
    /// Tells apart the sessions that one after the other had the same `index`, so that a message under way to an ended
    /// session is not given to the one that took its place.
    public let generation: UInt32

    /// Creates a handle.
    public init(index: UInt32, generation: UInt32 = 0) {
        self.index = index
        self.generation = generation
    }
}
