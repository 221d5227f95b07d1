/// How much of what was not synced a crash leaves.
package enum Survival: Sendable, Equatable {
    /// A killed process: the page cache lives, and all of it is there.
    case everything
    /// A power cut before the disk wrote anything back.
    case nothing
    /// A power cut in the middle: each sector, and each change of a name, is there with this probability; what is
    /// written more than once may be there in any of its versions.
    case each(percent: Int)

    /// How many of a sector's (or a name's) changes in a row are there, out of `count`.
    func kept(of count: Int, using random: inout SeededGenerator) -> Int {
        switch self {
        case .everything: count
        case .nothing: 0
        case .each(let percent):
            random.happens(percent: percent) ? count : Int.random(in: 0..<max(1, count), using: &random)
        }
    }
}
