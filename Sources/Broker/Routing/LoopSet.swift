/// A set of event loops by number, without allocation.
struct LoopSet: Sendable {
    /// More loops than this make no sense on any machine; ``Broker`` holds to it.
    static let countMax = 64

    private var bits: UInt64 = 0

    var isEmpty: Bool { bits == 0 }

    mutating func insert(_ loop: Int) {
        bits |= 1 << UInt64(loop)
    }

    func forEach(_ body: (Int) -> Void) {
        var rest = bits
        while rest != 0 {
            body(rest.trailingZeroBitCount)
            rest &= rest - 1
        }
    }
}
