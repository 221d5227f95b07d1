/// What an ``AuthenticationExchange`` makes of the client's data.
public enum AuthenticationStep: Equatable, Sendable {
    /// Send these in AUTH, and wait for the client's (reason code 0x18).
    case challenge([UInt8])
    /// The client is this user; send these data along with the success.
    case accepted(userName: [UInt8], data: [UInt8])
    /// The client is not let in.
    case refused
}
