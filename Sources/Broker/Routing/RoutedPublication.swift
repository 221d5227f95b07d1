import MQTTProtocol

/// One publication on its way to one session.
struct RoutedPublication: Sendable {
    let publication: Publication
    /// The session, with what its matching subscriptions ask for.
    let match: Match
    /// Under which number it was written down for the session; 0: it was not.
    var recordNumber: UInt64 = 0
}
