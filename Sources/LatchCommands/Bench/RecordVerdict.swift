/// What a retained message, or its absence, says about a broker that promised something.
enum RecordVerdict: Equatable, Sendable {
    /// Between the newest acknowledged and the newest attempted.
    case kept
    /// Older than what was acknowledged, or gone.
    case lost
    /// Newer than anything that was sent.
    case invented
}
