/// How much a message's length may tell whoever reads the disk.
///
/// Padding costs disk and write bandwidth, and hides lengths from someone who sees files only: the default is none.
public enum EnvelopePadding: Hashable, Sendable {
    /// Lengths show.
    case none
    /// Every plaintext is padded to a multiple of so many bytes, at least 1.
    case multiples(of: Int)
    /// Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, 4):
    /// at most 12 % more, and of a length L no more than O(log log L) bits show.
    case sizeClasses

    /// The padded length of so many bytes.
    func paddedBytes(_ count: Int) -> Int {
        switch self {
        case .none:
            return count
        case .multiples(let unit):
            let unit = max(1, unit)
            return (count + unit - 1) / unit * unit
        case .sizeClasses:
            guard count > 1 else { return count }
            let exponent = Int.bitWidth - 1 - count.leadingZeroBitCount
            let exponentBits = Int.bitWidth - exponent.leadingZeroBitCount
            let mask = (1 << max(0, exponent - exponentBits)) - 1
            return (count + mask) & ~mask
        }
    }
}
