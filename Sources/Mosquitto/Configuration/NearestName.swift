/// The known name that a misspelt one most probably means.
enum NearestName {
    /// The nearest of `names`, if it is near enough to be worth proposing: at most a third of the letters differ.
    static func of(_ misspelt: String, among names: some Sequence<String>) -> String? {
        let letters = Array(misspelt.utf8)
        // Nobody means a name by something far longer than any of them.
        guard (1...64).contains(letters.count) else { return nil }
        let distanceMax = max(1, letters.count / 3)
        let ranked = names.filter { abs($0.utf8.count - letters.count) <= distanceMax }
            .map { (name: $0, distance: distance(letters, Array($0.utf8))) }
        let nearest = ranked.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let nearest, nearest.distance <= distanceMax else { return nil }
        return nearest.name
    }

    /// How many letters are inserted, left out, replaced or swapped with their neighbour (optimal string alignment).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for i in left.indices {
            var current = [i + 1]
            for j in right.indices {
                let replaced = previous[j] + (left[i] == right[j] ? 0 : 1)
                var best = min(replaced, previous[j + 1] + 1, current[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, beforePrevious[j - 1] + 1)
                }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
