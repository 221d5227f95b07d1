/// A store's figures at one moment.
public struct StoreStatistics: Equatable, Sendable {
    /// Whether it takes retained messages.
    public var health: StoreHealth
    /// Retained messages in the index; what only the overlay holds comes on top.
    public var indexCount: UInt64
    /// Records of sessions in the index.
    public var sessionIndexCount: UInt64
    /// Bytes of their values.
    public var indexBytes: UInt64
    /// Topics in the overlays, clears included: an upper bound of the retained messages that are not in the index yet.
    public var overlayCount: Int
    /// Session records in the overlays, removed ones included.
    public var sessionOverlayCount: Int
    /// The last version that was given out.
    public var lastLSN: UInt64
    /// Every record up to it may be acknowledged.
    public var durableLSN: UInt64
    /// Every record up to it is in the index.
    public var appliedLSN: UInt64
    /// Journal bytes that a start would replay.
    public var journalBytes: Int
    /// Segments in the journal, the one in use included.
    public var segmentCount: Int
    /// Groups written since the store was opened.
    public var groupCount: UInt64
    /// Seconds on the monotonic clock since the last sync; nil: none yet.
    public var lastSyncAgeSeconds: Double?
    /// Seconds on the monotonic clock since the last checkpoint ended; nil: none yet.
    public var checkpointAgeSeconds: Double?
    /// How long the last checkpoint took; nil: none yet.
    public var checkpointSeconds: Double?
    /// What has become of the messages that expire.
    public var expiry = ExpirySweepStatistics()
    /// Why the anchor beside the keyring could not be written; nil: it could. Without it, a store that was put back to an
    /// earlier state is not noticed.
    public var anchorFailure: EnvironmentError?
    /// Files with what earlier salvages did not keep, as they were when the store was opened; whoever has dealt with one
    /// removes it.
    public var quarantinePaths: [String]
}
