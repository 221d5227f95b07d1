import MQTTProtocol

/// One publication on its way to one session.
struct RoutedPublication: Sendable {
    let publication: Publication
    /// The session, with what its matching subscriptions ask for.
    let match: Match
}
