/// A method of enhanced authentication, which a client of MQTT 5.0 asks for by name in CONNECT (§4.12).
///
/// The broker carries the data of both sides in CONNECT, AUTH and CONNACK; what they mean is the method's business. One
/// value serves all connections of a listener; each has an ``AuthenticationExchange`` of its own.
public protocol AuthenticationMethod: Sendable {
    /// As in the packets (§3.1.2.11.9), for instance `SCRAM-SHA-256`.
    var name: String { get }

    /// One client begins, for the first time or again (§4.12.1).
    func begin() -> any AuthenticationExchange
}
