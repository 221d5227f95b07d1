extension SalvageSummary {
    /// Records that are described one by one for a person; a program gets all that the report has.
    private static let describedMax = 100

    /// The report for a person.
    var text: String {
        var lines = [
            "salvaged    \(Self.count(keptRecords, "record")) kept",
            "index       \(index)",
            "journal     \(journal)",
            "damage      \(damagedPlaces == 0 ? "none but in records" : Self.count(damagedPlaces, "place"))",
        ]
        lines += damage.map { "  " + $0.text }
        if damagedPlaces > damage.count { lines.append("  and \(damagedPlaces - UInt64(damage.count)) more") }
        lines.append("quarantine  \(quarantine ?? "nothing")")
        lines.append(
            "unsaved     \(Self.count(unsavedCount, "record")) found and not kept: \(lost) lost, \(olderVersionKept) with an older "
                + "version kept, \(newerVersionKept) with a newer version kept, \(unknown) whose topic nobody knows"
        )
        lines += unsaved.prefix(Self.describedMax).map { "  " + $0.text }
        if unsavedCount > min(unsaved.count, Self.describedMax) {
            lines.append("  and \(unsavedCount - UInt64(min(unsaved.count, Self.describedMax))) more")
        }
        return lines.joined(separator: "\n")
    }

    /// The report in one line without topics, for a log.
    var line: String {
        """
        \(Self.count(keptRecords, "record")) kept, \(unsavedCount) found and not kept (\(lost) lost, \(olderVersionKept) with an \
        older version kept), \(missing) of which nothing was found; \(quarantine.map { "quarantine: \($0)" } ?? "no quarantine")
        """
    }

    private var unsavedCount: UInt64 { lost + olderVersionKept + newerVersionKept + unknown }
    private var missing: UInt64 { (indexMissing ?? 0) + journalMissing }

    private var index: String {
        let stated = indexStated.map { "\($0) stated, " } ?? "what it says of itself is lost, "
        let missing = indexMissing.map { ", \($0) of which nothing was found" } ?? ""
        return stated + "\(indexFound) found (\(indexOffTree) off the tree), \(indexQuarantined) quarantined\(missing)"
            + (indexProven ? "; proven by its digest" : "")
    }

    private var journal: String {
        "\(Self.count(journalSegments, "segment")), \(Self.count(journalRecords, "record")), \(journalUnbound) more kept that open, "
            + "\(journalQuarantined) quarantined, \(journalMissing) of which nothing was found"
    }

    static func count(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension SalvageSummary.Unsaved {
    var text: String {
        var words = "\(region): \(place.text); \(outcome)"
        if let keptVersion { words += " (\(keptVersion))" }
        if let topic { words += "; topic \(topic)" }
        if let version { words += "; version \(version)" }
        if let dataKey { words += "; data key \(dataKey)" }
        return words
    }
}
