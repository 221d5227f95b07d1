/// When the journal reaches the disk, and so what an acknowledgement promises.
public enum SyncPolicy: Hashable, Sendable {
    /// Acknowledged after `fdatasync`: neither a killed process nor a power cut loses what was acknowledged.
    case always
    /// Acknowledged once written to the page cache, synced at this interval: a killed process loses nothing, a power
    /// cut at most what this many milliseconds brought.
    case interval(milliseconds: Int)
    /// Acknowledged once written to the page cache, synced by checkpoints and by closing only: a killed process loses
    /// nothing, a power cut what the kernel had not written back.
    case none
}
