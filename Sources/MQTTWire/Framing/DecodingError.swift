/// What is wrong with a packet of the peer.
///
/// It never carries bytes of the packet, so that it can be logged.
public struct DecodingError: Error, Sendable, Hashable {
    /// Which rule was broken.
    public let reason: Reason

    /// What CONNACK or DISCONNECT of 5.0 says before the connection is closed.
    public var reasonCode: ReasonCode { reason.reasonCode }

    public init(_ reason: Reason) {
        self.reason = reason
    }
}

extension DecodingError: CustomStringConvertible {
    public var description: String { "\(reason.rawValue) (\(reasonCode))" }
}
