import Testing

@testable import LatchCommands

@Suite struct LoadReportTests {
    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000")])
    func thousandsAreGrouped(number: Int, text: String) {
        #expect(LoadReport.grouped(number) == text)
    }

    @Test(arguments: [
        (0.0, 3, "0.000"), (1.0004, 3, "1.000"), (1.0006, 3, "1.001"), (12.05, 1, "12.1"), (-0.5, 2, "-0.50"),
        (7.0, 0, "7"), (.infinity, 2, "-"),
    ])
    func digitsBehindThePoint(value: Double, digits: Int, text: String) {
        #expect(LoadReport.fixed(value, digits: digits) == text)
    }
}
