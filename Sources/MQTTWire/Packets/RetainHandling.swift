/// Whether a SUBSCRIBE is answered with retained messages (3.8.3.1 Subscription Options, Retain Handling).
@frozen
public enum RetainHandling: UInt8, Sendable, Hashable, CaseIterable {
    /// With every SUBSCRIBE; the only way below 5.0.
    case always = 0
    /// Only if the subscription did not exist yet.
    case ifNew = 1
    case never = 2
}
