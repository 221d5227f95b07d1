/// How a store is opened.
public struct StoreOptions: Hashable, Sendable {
    /// Where it lies.
    public var location: StoreLocation
    /// When an acknowledgement may be given.
    public var sync: SyncPolicy
    /// Its limits.
    public var limits: StoreLimits

    public init(location: StoreLocation, sync: SyncPolicy = .always, limits: StoreLimits = StoreLimits()) {
        self.location = location
        self.sync = sync
        self.limits = limits
    }
}
