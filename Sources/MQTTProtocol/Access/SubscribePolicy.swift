/// How far a subscription is checked before it is granted (`acl_subscribe`).
///
/// Under both policies every delivery is checked again, so neither lets a message through that its receiver may not read.
public enum SubscribePolicy: String, Sendable, CaseIterable {
    /// The filter must lie inside one rule that allows reading, and not wholly inside a rule that denies.
    ///
    /// A filter that only two rules together would cover is refused. A filter that a deny rule merely intersects is
    /// granted, and delivery leaves out what is denied; otherwise `deny a/secret` would make `a/#` unusable.
    case strict
    /// Every filter is granted, and only delivery filters, as mosquitto does.
    case filter
}
