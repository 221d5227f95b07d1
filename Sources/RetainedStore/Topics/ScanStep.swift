/// What a scan does with the key it is at.
enum ScanStep: Equatable {
    /// The key's topic matches.
    case match
    /// Only the topic itself can tell: levels from the 31st on are folded, and the filter has wildcards there.
    case matchAfterOpening
    /// The key's topic does not match; nothing is known about the next key.
    case skip
    /// Nothing between this key and the one written, of so many bytes, matches.
    case seek(keyBytes: Int)
    /// No later key matches.
    case end
}
