/// What an import did, for a person or for a program.
struct ImportReport: Encodable, Equatable {
    var source: String
    var store: String
    var isNewStore: Bool
    var isDryRun: Bool
    var tally: ImportTally
    /// Sentences, one a damaged place.
    var damage: [String]
    /// The first of the messages that could not be taken, and why.
    var unusable: [String]
    var notes: [String]

    /// The report for a person.
    var text: String {
        var lines = [
            line("source", source),
            line("store", store + (isNewStore ? isDryRun ? ", to be created" : ", created" : "")),
            line("found", grouped(tally.found)),
            line(isDryRun ? "to import" : "imported", grouped(tally.imported)),
            line("unchanged", grouped(tally.unchanged), tally.unchanged > 0 ? "the store has them already" : ""),
            line(
                "kept",
                grouped(tally.kept),
                tally.kept > 0 ? "the store has another message there; --replace takes the source's" : ""
            ),
            line("expired", grouped(tally.expired)),
            line("left out", grouped(tally.leftOut), tally.leftOut > 0 ? "no --filter matches" : ""),
            line("unusable", grouped(tally.unusable)),
        ]
        lines += unusable.map { "  \($0)" }
        if tally.unusable > unusable.count { lines.append("  and \(grouped(tally.unusable - unusable.count)) more") }
        lines.append(
            line("damage", damage.isEmpty ? "none" : "\(damage.count) \(damage.count == 1 ? "place" : "places")")
        )
        lines += damage.map { "  \($0)" }
        lines += notes.map { line("note", $0) }
        if isDryRun { lines.append("nothing was written (--dry-run)") }
        return lines.joined(separator: "\n")
    }

    private func line(_ name: String, _ value: String, _ remark: String = "") -> String {
        name + String(repeating: " ", count: max(1, 12 - name.count)) + value + (remark.isEmpty ? "" : "   (\(remark))")
    }

    private func grouped(_ number: Int) -> String { LoadReport.grouped(number) }
}
