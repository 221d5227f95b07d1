/// How a store is opened.
public struct StoreOptions: Hashable, Sendable {
    /// Where it lies.
    public var location: StoreLocation
    /// When an acknowledgement may be given.
    public var sync: SyncPolicy
    /// How much the lengths of messages may tell whoever reads the disk.
    public var padding: EnvelopePadding
    /// Its limits.
    public var limits: StoreLimits

    public init(
        location: StoreLocation,
        sync: SyncPolicy = .always,
        padding: EnvelopePadding = .none,
        limits: StoreLimits = StoreLimits()
    ) {
        self.location = location
        self.sync = sync
        self.padding = padding
        self.limits = limits
    }
}
