/// What became of an attempt to get an issuer's keys; said when it changes.
public enum TokenKeyReport: Sendable, Equatable {
    /// Keys are there.
    case loaded(count: Int)
    /// They could not be had; those of before stay in force.
    ///
    /// - Parameters:
    ///   - reason: a clause without a full stop.
    ///   - keptCount: how many stay in force.
    case failed(reason: String, keptCount: Int)
}
