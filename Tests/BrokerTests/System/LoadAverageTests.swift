import Testing

@testable import Broker

/// The load averages of `$SYS/broker/load`.
struct LoadAverageTests {
    @Test func aSteadyRateIsFoundSoonerOverAShorterTime() {
        var average = LoadAverage()
        for interval in 1...6 { average.update(interval * 10, afterSeconds: 10) }
        // 60 a minute for one minute: 1 - 1/e of it is in the average of one minute.
        #expect(average.perMinute.map { Int(($0 * 100).rounded()) } == [3793, 1088, 387])
        for interval in 7...600 { average.update(interval * 10, afterSeconds: 10) }
        #expect(average.perMinute.allSatisfy { abs($0 - 60) < 0.1 })
        for _ in 0..<6 { average.update(6_000, afterSeconds: 10) }
        #expect(Int((average.perMinute[0] * 100).rounded()) == 2207)
    }

    @Test func numbersHaveTwoDigits() {
        #expect(
            [0, 0.004, 1.5, 12.345, 99.999].map(SystemReport.twoDigits) == [
                "0.00", "0.00", "1.50", "12.35", "100.00",
            ]
        )
    }
}
