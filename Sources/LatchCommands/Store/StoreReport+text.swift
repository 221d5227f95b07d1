extension StoreReport {
    /// The report for a person: a figure a line, and a line for each damaged place.
    var text: String {
        var lines = salvage.map { [$0.text, ""] } ?? []
        lines += [
            line("store", store),
            line("key", key ?? "none: structure and checksums only; nothing is known about the messages themselves"),
            line(
                "journal",
                "\(Self.count(journalSegments, "segment")), \(Self.count(journalRecords, "record"))\(replay)"
            ),
            line("torn tail", tail),
            line("index", Self.count(indexRecords, "record")),
        ]
        if let retainedSet, let retainedCleared, let retainedExpired {
            let states = "\(Self.grouped(retainedSet)) set, \(Self.grouped(retainedExpired)) expired, "
            lines.append(line("retained", states + "\(Self.grouped(retainedCleared)) cleared and not swept yet"))
        }
        if let sessionRecords, sessionRecords > 0 {
            lines.append(line("sessions", Self.count(sessionRecords, "record")))
        }
        lines.append(line("damage", damagedPlaces == 0 ? "none" : Self.count(damagedPlaces, "place")))
        for place in damage {
            lines.append("  " + place.text)
        }
        if damagedPlaces > damage.count {
            lines.append("  and \(Self.grouped(damagedPlaces - UInt64(damage.count))) more")
        }
        lines.append(line("time", "\(LoadReport.fixed(seconds, digits: 3)) s"))
        return lines.joined(separator: "\n")
    }

    private var replay: String {
        guard let replayedRecords else { return "" }
        return ", \(Self.grouped(replayedRecords)) replayed that the index did not have"
    }

    private var tail: String {
        if tornBytes > 0 {
            return "\(Self.count(tornBytes, "byte")) that had not become durable and were never acknowledged, "
                + (replayedRecords == nil ? "to be dropped when the store is opened" : "dropped")
        }
        return endedCleanly == true ? "none: the journal ends as an idle or closed store leaves it" : "none"
    }

    private func line(_ name: String, _ value: String) -> String {
        name + String(repeating: " ", count: max(1, 12 - name.count)) + value
    }

    private static func count(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func grouped(_ number: some BinaryInteger) -> String {
        LoadReport.grouped(Int(clamping: number))
    }
}

extension StoreReport.Place {
    /// In one line.
    var text: String { "\(file) at offset \(offset): \(field) should be \(expected), found \(found)" }
}
