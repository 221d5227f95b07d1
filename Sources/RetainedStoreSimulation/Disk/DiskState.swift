/// Everything on a simulated disk at one moment: files with what of them is on the medium, and names with what of them
/// is.
struct DiskState: Sendable {
    /// A file's place in `files`, whatever its name.
    typealias FileNumber = Int

    private(set) var files: [FileNumber: FileContents] = [:]
    /// Each file's names: the one on the medium, then those since the last sync of the directory; nil: none.
    private var names: [FileNumber: [String?]] = [:]
    /// Files whose name another one has taken, which a crash may take back until the directory is synced.
    private var replaced: Set<FileNumber> = []
    private var nextNumber = 0

    /// A file that has been there for long, under a name that is on the medium.
    mutating func add(_ name: String, _ bytes: [UInt8]) -> FileNumber {
        nextNumber += 1
        files[nextNumber] = FileContents(bytes)
        names[nextNumber] = [name]
        return nextNumber
    }

    mutating func create(_ name: String) -> FileNumber {
        nextNumber += 1
        files[nextNumber] = FileContents()
        names[nextNumber] = [nil, name]
        return nextNumber
    }

    func number(of name: String) -> FileNumber? {
        names.first { $0.value.last == .some(name) && !replaced.contains($0.key) }?.key
    }

    /// The file that had a name last before another one took it.
    func replacedNumber(of name: String) -> FileNumber? {
        replaced.filter { names[$0]?.last == .some(name) }.max()
    }

    /// The names there are now.
    var currentNames: [String] {
        names.filter { !replaced.contains($0.key) }.values.compactMap { $0.last ?? nil }.sorted()
    }

    /// Gives a file another name, also that of another file, which is gone then; nil: none.
    mutating func rename(_ number: FileNumber, to name: String?) {
        if let name, let other = self.number(of: name), other != number { replaced.insert(other) }
        names[number]?.append(name)
    }

    /// Makes the names in a directory certain.
    ///
    /// - Parameter directory: As `journal`; empty for the store's own.
    mutating func syncNames(in directory: String) {
        for (number, history) in names where Self.directory(of: history) == directory {
            guard case .some(.some(let name)) = history.last, !replaced.contains(number) else {
                names[number] = nil
                files[number] = nil
                replaced.remove(number)
                continue
            }
            names[number] = [name]
        }
    }

    private static func directory(of history: [String?]) -> String {
        let parts = history.compactMap { $0 }.first?.split(separator: "/") ?? []
        return parts.dropLast().joined(separator: "/")
    }

    mutating func write(_ number: FileNumber, _ bytes: [UInt8], at offset: Int) {
        files[number]?.write(bytes, at: offset)
    }

    mutating func truncate(_ number: FileNumber, to size: Int) {
        files[number]?.truncate(to: size)
    }

    mutating func sync(_ number: FileNumber) {
        files[number]?.sync()
    }

    /// What a crash leaves: of each file some version of every sector, under one of the names that it had.
    ///
    /// Changes of one file's name are on the medium in their order, those of different files in any.
    func image(_ survival: Survival, using random: inout SeededGenerator) -> [String: [UInt8]] {
        var found: [String: FileNumber] = [:]
        for number in names.keys.sorted() {
            guard let history = names[number], !history.isEmpty else { continue }
            guard let name = history[survival.kept(of: history.count - 1, using: &random)] else { continue }
            // Two files that had one name, one after the other: a directory holds the later one.
            if let other = found[name], !isLater(number, than: other, under: name) { continue }
            found[name] = number
        }
        var image: [String: [UInt8]] = [:]
        for name in found.keys.sorted() {
            guard let number = found[name], let file = files[number] else { continue }
            image[name] = file.image(survival, using: &random)
        }
        return image
    }

    /// Whether a file has a name still, where another one had it before.
    private func isLater(_ number: FileNumber, than other: FileNumber, under name: String) -> Bool {
        if names[number]?.last == .some(name) { return !replaced.contains(number) || number > other }
        return names[other]?.last == .some(name) ? false : number > other
    }
}
