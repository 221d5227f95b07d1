import Glibc

/// How values become places along one side of a plot, from 0 to 1, and which of them are labelled.
struct PlotAxis: Sendable {
    /// A labelled place.
    struct Tick: Equatable, Sendable {
        var place: Double
        var label: String
    }

    var title: String
    var ticks: [Tick]
    /// From a value to its place; values beyond the ends stay at the ends.
    let place: @Sendable (Double) -> Double

    /// One place for each name; the values are 0, 1, 2 and so on.
    static func categories(_ names: [String], title: String) -> PlotAxis {
        let count = Double(max(1, names.count))
        let place: @Sendable (Double) -> Double = { ($0 + 0.5) / count }
        let ticks = names.enumerated().map { Tick(place: place(Double($0.offset)), label: $0.element) }
        return PlotAxis(title: title, ticks: ticks, place: place)
    }

    /// From 0 to a round number above the largest value.
    static func linear(to maximum: Double, title: String) -> PlotAxis {
        let (step, count) = roundSteps(to: maximum)
        let top = step * Double(count)
        let ticks = (0...count).map { index in
            let value = step * Double(index)
            return Tick(place: value / top, label: label(value))
        }
        return PlotAxis(title: title, ticks: ticks) { min(max($0 / top, 0), 1) }
    }

    /// Powers of ten that enclose the values; the values are above 0.
    static func logarithmic(
        _ range: ClosedRange<Double>,
        title: String,
        label: (Double) -> String = PlotAxis.label
    ) -> PlotAxis {
        let first = log10(range.lowerBound).rounded(.down)
        let last = max(first + 1, log10(range.upperBound).rounded(.up))
        let ticks = (Int(first)...Int(last)).map { power in
            Tick(place: (Double(power) - first) / (last - first), label: label(pow(10, Double(power))))
        }
        return PlotAxis(title: title, ticks: ticks) { value in
            value > 0 ? min(max((log10(value) - first) / (last - first), 0), 1) : 0
        }
    }

    /// Shares of a whole, each nine giving as much room as the one before: 0, 0.9, 0.99 and so on up to `nines` of them.
    static func nines(_ nines: Int, title: String) -> PlotAxis {
        let ticks = (0...nines).map { index in
            let label = index == 0 ? "0 %" : index == 1 ? "90 %" : "99" + (index > 2 ? "." : "")
            let digits = index > 2 ? String(repeating: "9", count: index - 2) : ""
            return Tick(place: Double(index) / Double(nines), label: index < 2 ? label : label + digits + " %")
        }
        return PlotAxis(title: title, ticks: ticks) { share in
            share >= 1 ? 1 : min(max(-log10(1 - share) / Double(nines), 0), 1)
        }
    }

    /// A step of 1, 2, 2.5 or 5 times a power of ten, of which four to eight make the range.
    private static func roundSteps(to maximum: Double) -> (step: Double, count: Int) {
        let wanted = max(maximum, 1e-9) / 5
        let power = pow(10, log10(wanted).rounded(.down))
        let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= wanted } ?? 10 * power
        return (step, max(1, Int((maximum / step).rounded(.up))))
    }

    /// A number as short as it can be said: `250 k`, `1.5 M`, `0.01`.
    static func label(_ value: Double) -> String {
        for (unit, name) in [(1e9, " G"), (1e6, " M"), (1e3, " k")] where abs(value) >= unit {
            return trimmed(value / unit) + name
        }
        return trimmed(value)
    }

    /// A time as a person says it: `10 ms`, `1 s`, `1,000 s`.
    static func duration(milliseconds: Double) -> String {
        guard milliseconds >= 1_000 else { return trimmed(milliseconds) + " ms" }
        let seconds = milliseconds / 1_000
        return (seconds >= 1_000 ? LoadReport.grouped(Int(seconds.rounded())) : trimmed(seconds)) + " s"
    }

    private static func trimmed(_ value: Double) -> String {
        var text = LoadReport.fixed(value, digits: 4)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
