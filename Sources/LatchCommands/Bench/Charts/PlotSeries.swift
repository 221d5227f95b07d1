/// Values of one kind in a plot.
struct PlotSeries: Sendable {
    /// How the values are drawn.
    enum Shape: Sendable {
        /// A column for each value; series of columns stand side by side.
        case columns
        /// A line through the values.
        case line
        /// A mark for each value.
        case marks
        /// A short bar across the place of each value: a limit.
        case limits
    }

    /// One value and what is said when it is pointed at.
    struct Point: Sendable {
        var x: Double
        var y: Double
        var label: String
    }

    var name: String
    var shape: Shape
    /// A colour of CSS.
    var color: String
    var points: [Point]
}
