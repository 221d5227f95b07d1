/// A place that retained messages are taken from: another broker's file, a live broker, another store.
protocol MessageSource {
    /// What it is, for the summary.
    var name: String { get }
    /// What is damaged in it, one sentence a place; what is listed here was found before any message was handed out.
    var damage: [String] { get }
    /// What is worth knowing about it and is no damage, one sentence each.
    var notes: [String] { get }

    /// Hands out what it holds; called again it hands out the same.
    func forEach(_ body: (SourceItem) throws(CommandFailure) -> Void) throws(CommandFailure)
}
