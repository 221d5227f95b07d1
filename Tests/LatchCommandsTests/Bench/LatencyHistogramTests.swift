import Testing

@testable import LatchCommands

@Suite struct LatencyHistogramTests {
    @Test func everyValueLiesInABucketThatIsAtMostOnePartIn128Wide() {
        var value: UInt64 = 0
        while value < UInt64.max / 3 {
            let upper = LatencyHistogram.upperBound(ofBucket: LatencyHistogram.bucket(of: value))
            #expect(upper >= value)
            #expect(upper - value <= value / 128, "value \(value), bound \(upper)")
            value = value * 3 / 2 + 1
        }
    }

    @Test func bucketsFollowEachOtherWithoutGap() {
        for index in 0..<(128 * 20) {
            let upper = LatencyHistogram.upperBound(ofBucket: index)
            #expect(LatencyHistogram.bucket(of: upper) == index)
            #expect(LatencyHistogram.bucket(of: upper + 1) == index + 1)
        }
    }

    @Test func theLargestValueHasABucket() {
        var histogram = LatencyHistogram()
        histogram.record(.max)
        #expect(histogram.maximum == .max)
        #expect(histogram.percentile(1) == .max)
    }

    @Test func percentilesOfOneToTenThousand() {
        var histogram = LatencyHistogram()
        for value in 1...10_000 { histogram.record(UInt64(value)) }
        #expect(histogram.count == 10_000)
        for (share, truth) in [(0.5, 5_000.0), (0.99, 9_900), (0.999, 9_990)] {
            let found = Double(histogram.percentile(share))
            #expect(found >= truth && found <= truth * 1.008, "\(share): \(found)")
        }
        #expect(histogram.percentile(1) == 10_000)
    }

    @Test func nothingRecordedIsZero() {
        #expect(LatencyHistogram().percentile(0.99) == 0)
    }

    @Test func mergingAddsUp() {
        var low = LatencyHistogram()
        var high = LatencyHistogram()
        for _ in 0..<99 { low.record(10) }
        high.record(5_000)
        low.merge(high)
        #expect(low.count == 100)
        #expect(low.percentile(0.99) == 10)
        #expect(low.percentile(0.995) == 5_000)
        #expect(low.maximum == 5_000)
    }
}
