/// One client on its way through an ``AuthenticationMethod``.
///
/// It runs on the connection's event loop, so each step must be quick: what takes longer than a few microseconds belongs
/// into what the method prepared.
public protocol AuthenticationExchange {
    /// The client's data arrived: those of CONNECT first, which may be empty, then those of each AUTH.
    mutating func received(_ data: [UInt8]) -> AuthenticationStep
}
