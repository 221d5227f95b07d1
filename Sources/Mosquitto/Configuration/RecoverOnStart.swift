/// What the broker does with a store that is damaged when it starts (`recover_on_start`, a directive of Latch).
public enum RecoverOnStart: String, Sendable, CaseIterable {
    /// It does not start.
    case refuse
    /// It saves what opens, puts the rest into quarantine, says so, and starts.
    case salvage
}
