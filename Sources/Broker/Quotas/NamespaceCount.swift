import RetainedStore

/// A counting under way, on one event loop.
final class NamespaceCount {
    let quota: RetainedQuota
    var scan: RetainedScan
    /// Monotonic milliseconds.
    let start: UInt64
    var count = 0
    var bytes = 0

    init(quota: RetainedQuota, scan: RetainedScan, start: UInt64) {
        self.quota = quota
        self.scan = scan
        self.start = start
    }
}
