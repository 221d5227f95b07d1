/// Rows of cells in columns for a terminal: the first column to the left, the others to the right.
struct TextTable {
    private var rows: [[String]]

    init(heading: [String]) {
        rows = [heading]
    }

    /// - Parameter cells: as many as the heading has.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == rows[0].count, "every row has a cell for each column")
        rows.append(cells)
    }

    var text: String {
        let widths = rows[0].indices.map { column in rows.reduce(0) { max($0, $1[column].count) } }
        var lines = rows.map { row in
            row.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + blanks : blanks + row[column]
            }.joined(separator: "  ")
        }
        lines.insert(String(repeating: "-", count: lines[0].count), at: 1)
        return lines.joined(separator: "\n")
    }
}
