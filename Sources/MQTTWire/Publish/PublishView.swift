/// A PUBLISH where it lies in the read buffer: validated, not copied (3.3 PUBLISH).
///
/// Trivial (pointers and integers only), so it is passed without reference counting. Valid as long as the buffer its
/// frame was cut from.
@frozen
public struct PublishView {
    /// The topic name; empty in 5.0 where only an alias is given.
    public let topic: UnsafeRawBufferPointer

    /// The application message.
    public let payload: UnsafeRawBufferPointer

    /// What is passed on to every receiver.
    public let forwardedProperties: ForwardedProperties

    /// All properties, without their length; empty below 5.0.
    @usableFromInline let propertySection: UnsafeRawBufferPointer

    /// How long the message lives, from now on (3.3.2.3.3 Message Expiry Interval); nil: for ever.
    public let messageExpirySeconds: UInt32?

    /// 0 at QoS 0.
    public let packetIdentifier: UInt16

    /// 3.3.2.3.4 Topic Alias; 0: none. Whether it is within the maximum is the connection's business.
    public let topicAlias: UInt16

    public let qos: QoS

    public let isRetained: Bool

    public let isDuplicate: Bool
}
