/// A scan for the retained messages that a topic filter matches: a place in the order of blind keys, which owns no
/// transaction and may rest as long as its subscriber likes.
///
/// Every batch sees the store as it is then, so that a scan is not a snapshot: a topic is handed out with its newest
/// value not above `upToVersion`, and one that got a newer value meanwhile is left to the live stream, which carries it
/// (design, R1).
public struct RetainedScan {
    /// What is newer is left out.
    public let upToVersion: UInt64
    /// Whether everything has been handed out.
    public private(set) var isFinished = false
    private let filter: [UInt8]
    /// The pattern, and the reader whose blinder it uses.
    private var pattern: ScanPattern?
    private var owner: ObjectIdentifier?
    /// Where the next batch begins; empty before the first.
    private var nextKey: [UInt8] = []

    /// - Parameters:
    ///   - filter: A topic filter as in SUBSCRIBE, without `$share/…/`; nothing matches one that is not valid.
    ///   - upToVersion: The last version when the subscription entered the live stream (`RetainedStore.withOrder`).
    public init(filter: UnsafeRawBufferPointer, upToVersion: UInt64) {
        self.filter = Array(filter)
        self.upToVersion = upToVersion
    }

    /// The pattern, made by the reader that continues the scan; nil if the filter is none.
    mutating func pattern(for reader: StoreReader, blinder: TopicBlinder) -> ScanPattern? {
        if owner != ObjectIdentifier(reader) {
            pattern = filter.withUnsafeBytes { ScanPattern(filter: $0, blinder: blinder) }
            owner = ObjectIdentifier(reader)
        }
        return pattern
    }

    /// Writes the key at which the next batch begins; returns its length.
    func start(_ pattern: ScanPattern, into key: UnsafeMutableRawBufferPointer) -> Int {
        if nextKey.isEmpty { return pattern.firstSeek(into: key) }
        nextKey.withUnsafeBytes { key.copyMemory(from: $0) }
        return nextKey.count
    }

    mutating func pause(at key: UnsafeRawBufferPointer) {
        nextKey.removeAll(keepingCapacity: true)
        nextKey.append(contentsOf: key)
    }

    mutating func finish() {
        isFinished = true
        pattern = nil
        nextKey = []
    }
}
