/// What SUBACK says about one filter, as far as access is concerned.
public enum SubscribeDecision: Sendable, Equatable {
    case granted
    /// MQTT 3.1.1 answers 0x80, MQTT 5.0 answers 0x87; MQTT 3.1 cannot refuse.
    case refused
}
