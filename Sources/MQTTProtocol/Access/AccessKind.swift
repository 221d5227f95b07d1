/// What a client wants to do with one topic.
///
/// Subscribing is not listed: a filter is not a topic, and is decided by ``IdentityAccess/subscribeDecision(filter:policy:)``.
public enum AccessKind: UInt8, Sendable, CaseIterable {
    /// A message on the topic is about to be delivered to the client.
    case read = 1
    /// The client publishes to the topic, now or by its will.
    case write = 2
}
