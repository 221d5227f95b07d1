/// A user as its connections and sessions know it; what is counted for it stands in the ``UserRegister``.
final class UserAccount: Sendable {
    /// `nil` for clients without a name.
    let userName: [UInt8]?
    /// How fast it may publish; `nil` for any.
    let rate: PublishRate?

    init(userName: [UInt8]?, rate: PublishRate?) {
        self.userName = userName
        self.rate = rate
    }
}
