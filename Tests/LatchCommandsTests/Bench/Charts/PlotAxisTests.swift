import Testing

@testable import LatchCommands

@Suite struct PlotAxisTests {
    @Test func aLinearAxisEndsAtARoundNumberAboveTheLargestValue() {
        let axis = PlotAxis.linear(to: 612_345, title: "")
        #expect(axis.ticks.map(\.label) == ["0", "200 k", "400 k", "600 k", "800 k"])
        #expect(axis.place(0) == 0)
        #expect(axis.place(400_000) == 0.5)
        #expect(axis.place(9e9) == 1)
    }

    @Test func aLinearAxisOfNothingHasTicks() {
        #expect(PlotAxis.linear(to: 0, title: "").ticks.count > 1)
    }

    @Test func aLogarithmicAxisEnclosesItsRangeInPowersOfTen() {
        let axis = PlotAxis.logarithmic(0.02...7, title: "")
        #expect(axis.ticks.map(\.label) == ["0.01", "0.1", "1", "10"])
        #expect(abs(axis.place(0.1) - 1.0 / 3) < 1e-9)
        #expect(axis.place(0) == 0)
        #expect(axis.place(1_000) == 1)
    }

    @Test func aTimeIsSaidAsPersonsSayIt() {
        let axis = PlotAxis.logarithmic(0.1...1_800_000, title: "", label: PlotAxis.duration)
        let labels = ["0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1,000 s", "10,000 s"]
        #expect(axis.ticks.map(\.label) == labels)
    }

    @Test func everyNineHasTheSameRoom() {
        let axis = PlotAxis.nines(4, title: "")
        #expect(axis.ticks.map(\.label) == ["0 %", "90 %", "99 %", "99.9 %", "99.99 %"])
        #expect(abs(axis.place(0.99) - 0.5) < 1e-9)
        #expect(axis.place(1) == 1)
    }

    @Test func categoriesStandInTheMiddleOfTheirShare() {
        let axis = PlotAxis.categories(["a", "b"], title: "")
        #expect(axis.ticks == [.init(place: 0.25, label: "a"), .init(place: 0.75, label: "b")])
    }
}
