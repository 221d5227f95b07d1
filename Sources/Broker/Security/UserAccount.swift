import MQTTProtocol

/// A user as its connections and sessions know it; what is counted for it stands in the ``UserRegister``.
final class UserAccount: Sendable {
    /// `nil` for clients without a name.
    let userName: [UInt8]?
    /// How fast it may publish; `nil` for any.
    let rate: PublishRate?
    /// What may wait for all of its clients; `nil` for any.
    let queueAllowance: QueueAllowance?

    init(userName: [UInt8]?, rate: PublishRate?, queueAllowance: QueueAllowance?) {
        self.userName = userName
        self.rate = rate
        self.queueAllowance = queueAllowance
    }
}
