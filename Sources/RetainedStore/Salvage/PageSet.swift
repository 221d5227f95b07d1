/// Numbers of pages of one file.
struct PageSet {
    private var words: [UInt64]
    private let count: UInt64

    /// - Parameter count: Pages in the file.
    init(count: UInt64) {
        self.count = count
        words = Array(repeating: 0, count: Int(count / 64) + 1)
    }

    func contains(_ page: UInt64) -> Bool {
        page < count && words[Int(page / 64)] & 1 << (page % 64) != 0
    }

    /// Adds a page; false if it is none of the file's, or was in the set already.
    @discardableResult
    mutating func insert(_ page: UInt64) -> Bool {
        guard page < count, !contains(page) else { return false }
        words[Int(page / 64)] |= 1 << (page % 64)
        return true
    }
}
