/// What may be retained in one namespace, a first topic level: the user's own under `pattern readwrite %u/#`; `nil` where there is no limit.
///
/// It goes by the topic and not by who publishes: what counts is what the store holds, so that it is right after a restart, and whoever may
/// write into a namespace writes on its account.
public struct RetainedLimits: Sendable, Hashable {
    /// Messages (`limit_retained_messages`).
    public var countMax: Int?
    /// Bytes of their topics, payloads and properties (`limit_retained_bytes`).
    public var bytesMax: Int?

    public init() {}

    /// Whether there is any.
    var isEmpty: Bool { countMax == nil && bytesMax == nil }
}
