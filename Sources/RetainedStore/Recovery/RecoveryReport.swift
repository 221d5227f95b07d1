/// What recovering a store found.
public struct RecoveryReport: Equatable, Sendable {
    /// What opening found: the journal's segments, what was replayed, what was torn.
    public var opening: OpenReport
    /// What verifying every record found afterwards.
    public var verification: VerificationReport
    /// Seconds that it took in all.
    public var seconds: Double
}
