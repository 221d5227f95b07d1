/// Which records a reader wants.
struct RecordTarget {
    /// Not those that are newer.
    var upToVersion: UInt64
    /// Not those that have expired by then.
    var nowSeconds: UInt64
    /// Not those whose topic this filter does not match, where keys can not tell.
    var pattern: ScanPattern?
}
