/// Counts durations in buckets whose width grows with the value, so that every percentile is within 0.8 % of the truth.
///
/// Values below 128 have a bucket each; above, every power of two is divided into 128 equal buckets. Recording is one
/// shift, one addition and one increment, without allocation: it is done for every acknowledged message.
struct LatencyHistogram: Sendable {
    /// Bits of a value that are kept: 128 buckets for each power of two.
    private static let precisionBits = 7
    private static let bucketsPerOctave = 1 << precisionBits
    private static let bucketCount = (64 - precisionBits + 1) * bucketsPerOctave

    private var counts = [UInt64](repeating: 0, count: bucketCount)
    /// How many values were recorded.
    private(set) var count: UInt64 = 0
    /// The largest value recorded, exactly.
    private(set) var maximum: UInt64 = 0

    init() {}

    /// Counts one value, in whatever unit the caller keeps to (here: nanoseconds).
    @inline(__always)
    mutating func record(_ value: UInt64) {
        counts[Self.bucket(of: value)] &+= 1
        count &+= 1
        if value > maximum { maximum = value }
    }

    /// Adds everything that another histogram counted.
    mutating func merge(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        count &+= other.count
        maximum = max(maximum, other.maximum)
    }

    /// The smallest value that at least this share of the recorded values do not exceed; 0 if nothing was recorded.
    ///
    /// - Parameter share: between 0 and 1: 0.99 for the 99th percentile.
    func percentile(_ share: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let wanted = max(1, UInt64((Double(count) * share).rounded(.up)))
        var seen: UInt64 = 0
        for index in counts.indices {
            seen &+= counts[index]
            if seen >= wanted { return min(Self.upperBound(ofBucket: index), maximum) }
        }
        return maximum
    }

    /// The distribution of values in nanoseconds: ever finer steps towards the largest, each halving what is above it, as
    /// HdrHistogram prints it.
    var quantiles: [LatencyQuantile] {
        guard count > 0 else { return [] }
        var quantiles: [LatencyQuantile] = []
        var rest = 1.0
        while rest * Double(count) >= 1 {
            for step in 0..<Self.stepsPerHalving {
                let share = 1 - rest * (1 - Double(step) / Double(2 * Self.stepsPerHalving))
                quantiles.append(LatencyQuantile(share: share, milliseconds: Double(percentile(share)) / 1e6))
            }
            rest /= 2
        }
        quantiles.append(LatencyQuantile(share: 1, milliseconds: Double(maximum) / 1e6))
        return quantiles
    }

    /// Points of ``quantiles`` before what is above them is half as much.
    private static let stepsPerHalving = 5

    @inline(__always)
    static func bucket(of value: UInt64) -> Int {
        let width = UInt64.bitWidth - value.leadingZeroBitCount
        if width <= precisionBits { return Int(value) }
        // The leading bit is implied by the octave; the bits after it choose the bucket.
        let shift = width - precisionBits - 1
        let octave = shift + 1
        return octave &* bucketsPerOctave &+ (Int(truncatingIfNeeded: value &>> UInt64(shift)) & (bucketsPerOctave - 1))
    }

    /// The largest value that falls into a bucket.
    static func upperBound(ofBucket index: Int) -> UInt64 {
        let octave = index >> precisionBits
        let place = UInt64(index & (bucketsPerOctave - 1))
        if octave == 0 { return place }
        let shift = UInt64(octave - 1)
        let lower = (UInt64(bucketsPerOctave) + place) << shift
        return lower + ((1 << shift) - 1)
    }
}
