/// How many retained messages a store has, and how large they are.
public struct RetainedTotals: Hashable, Sendable {
    /// Topics with a message; what has expired counts until it has been cleared.
    public var count: UInt64 = 0
    /// Bytes of their records, sealed.
    public var bytes: UInt64 = 0

    public init() {}
}
