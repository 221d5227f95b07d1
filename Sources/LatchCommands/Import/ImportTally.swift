/// What became of the messages of a source; every one is counted once.
struct ImportTally: Encodable, Equatable {
    /// Messages that the source holds.
    var found = 0
    /// Messages that the store has now and had not before; with `--dry-run`, that it would have.
    var imported = 0
    /// Messages that the store had already.
    var unchanged = 0
    /// Messages that the store has another one in place of, which stays.
    var kept = 0
    var expired = 0
    /// Messages that no filter matches.
    var leftOut = 0
    /// Messages that cannot be read, or cannot be messages of MQTT.
    var unusable = 0

    /// Whether every message is accounted for.
    var addsUp: Bool { found == imported + unchanged + kept + expired + leftOut + unusable }
}
