/// The names of journal files.
enum SegmentName {
    private static let suffix = ".journal"
    private static let sparePrefix = "spare-"
    private static let digits = 20

    /// A segment of the history: twenty digits, so that names sort as numbers do.
    static func segment(_ number: UInt64) -> String {
        let text = String(number)
        return String(repeating: "0", count: digits - text.count) + text + suffix
    }

    /// A segment that is ready for use and part of no history, whatever it contains.
    static func spare(_ number: UInt64) -> String {
        sparePrefix + String(number) + suffix
    }

    /// The number of a segment of the history; nil for any other name.
    static func number(of name: String) -> UInt64? {
        guard name.hasSuffix(suffix), name.utf8.count == digits + suffix.utf8.count else { return nil }
        let text = name.dropLast(suffix.count)
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt64(text), number > 0 else {
            return nil
        }
        return number
    }

    static func isSpare(_ name: String) -> Bool {
        name.hasPrefix(sparePrefix) && name.hasSuffix(suffix)
    }
}
