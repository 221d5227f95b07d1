/// What changed in a session that outlives the broker, to be written down in this order.
///
/// A message that waits or is under way is known by a record number, what is under way also by its packet identifier.
public enum SessionChange: Sendable {
    /// A message of QoS 1 or 2 waits for the client, or is about to be sent to it, that nothing has been written down of.
    case stored(Delivery)
    /// A message is sent to the client under this packet identifier. At QoS 2 it must not leave before that is durable: the
    /// client knows it by the identifier.
    case sent(packetIdentifier: UInt16, recordNumber: UInt64, sequence: UInt64)
    /// The client has received a message of QoS 2: what is left is to release it. PUBREL must not leave before that is durable,
    /// lest the message be sent again.
    case released(packetIdentifier: UInt16, sequence: UInt64)
    /// Nothing is under way under the packet identifier any more.
    case finished(packetIdentifier: UInt16)
    /// A message is done with: acknowledged, received, or not to be delivered.
    case removed(recordNumber: UInt64, Publication)
    /// A message of QoS 2 of the client has been released. PUBCOMP must not leave before that is durable: the client may use
    /// the identifier for another message afterwards.
    case received(packetIdentifier: UInt16)
}
