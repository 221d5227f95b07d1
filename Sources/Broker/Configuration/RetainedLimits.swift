/// How much may be retained; `nil` where there is no limit.
///
/// Of a namespace, a first topic level, which is the user's own under `pattern readwrite %u/#`, it limits what the store holds, whoever has
/// published it, and so is right after a restart. Of a user or an address it limits what their clients add while the broker runs
/// (``AccountLimits/retained``).
public struct RetainedLimits: Sendable, Hashable {
    /// Messages (`limit_retained_messages…`).
    public var countMax: Int?
    /// Bytes of their topics, payloads and properties (`limit_retained_bytes…`).
    public var bytesMax: Int?

    public init() {}

    /// Whether there is any.
    var isEmpty: Bool { countMax == nil && bytesMax == nil }
}
