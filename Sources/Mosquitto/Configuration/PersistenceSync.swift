/// When a retained message is safe on disk relative to its acknowledgement (`persistence_sync`, a directive of Latch).
public enum PersistenceSync: String, Sendable, CaseIterable {
    /// Synced before it is acknowledged.
    case always
    /// Acknowledged at once and synced every `autosave_interval` seconds.
    case interval
    /// Acknowledged at once; the kernel decides when it is written.
    case none
}
