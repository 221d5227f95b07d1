/// What a session's queue shares with others: that of its user's sessions, and that of its address's, for instance.
public struct QueueAllowances: Sendable {
    private let first: QueueAllowance?
    private let second: QueueAllowance?

    public init(_ first: QueueAllowance? = nil, _ second: QueueAllowance? = nil) {
        self.first = first
        self.second = second
    }

    /// Whether no more messages may wait.
    var isSpent: Bool { first?.isSpent == true || second?.isSpent == true }

    func take(_ bytes: Int) {
        first?.take(bytes)
        second?.take(bytes)
    }

    func giveBack(_ bytes: Int) {
        first?.giveBack(bytes)
        second?.giveBack(bytes)
    }
}
