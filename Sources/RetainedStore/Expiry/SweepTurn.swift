/// What the sweeper wants of the checkpoint thread.
enum SweepTurn {
    /// Nothing expires.
    case never
    /// Nothing before this moment.
    case later(MonotonicTime)
    /// A checkpoint first: what has expired may not be in the index yet.
    case checkpoint
    case step
}
