import NIOCore

/// How patient clients are.
enum ClientLimits {
    /// Far longer than anything takes on a busy machine: it only turns a hang into a failure.
    static let patience = TimeAmount.seconds(120)
}
