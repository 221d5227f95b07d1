/// A plot as inline SVG: nothing in it is fetched from anywhere.
struct Plot: Sendable {
    private static let width = 860.0
    private static let height = 380.0
    private static let left = 78.0
    private static let right = 44.0
    private static let top = 44.0
    private static let bottom = 58.0
    private static let legendEntryWidth = 16.0
    private static let legendCharacterWidth = 7.0

    /// For those who cannot see it.
    var title: String
    var x: PlotAxis
    var y: PlotAxis
    var series: [PlotSeries]

    private var plotWidth: Double { Self.width - Self.left - Self.right }
    private var plotHeight: Double { Self.height - Self.top - Self.bottom }

    /// The `svg` element.
    var svg: String {
        """
        <svg viewBox="0 0 \(Self.number(Self.width)) \(Self.number(Self.height))" role="img" aria-label="\(HTML.escaped(title))">
        \((legend + grid + series.flatMap(marks)).joined(separator: "\n"))
        </svg>
        """
    }

    private var legend: [String] {
        var left = Self.left
        return series.flatMap { series in
            let start = left
            left += Self.legendEntryWidth + Double(series.name.count) * Self.legendCharacterWidth + 18
            return [
                #"<rect x="\#(Self.number(start))" y="12" width="11" height="11" rx="2" fill="\#(series.color)"/>"#,
                Self.text(series.name, x: start + Self.legendEntryWidth, y: 21.5, class: "legend", anchor: "start"),
            ]
        }
    }

    private var grid: [String] {
        var lines: [String] = []
        for tick in y.ticks {
            let place = Self.top + plotHeight * (1 - tick.place)
            lines.append(
                #"<line class="grid" x1="\#(Self.number(Self.left))" x2="\#(Self.number(Self.left + plotWidth))" "#
                    + #"y1="\#(Self.number(place))" y2="\#(Self.number(place))"/>"#
            )
            lines.append(Self.text(tick.label, x: Self.left - 8, y: place + 4, class: "tick", anchor: "end"))
        }
        for tick in x.ticks {
            let place = Self.left + plotWidth * tick.place
            lines.append(
                Self.text(tick.label, x: place, y: Self.top + plotHeight + 20, class: "tick", anchor: "middle")
            )
        }
        let middle = Self.left + plotWidth / 2
        lines.append(Self.text(x.title, x: middle, y: Self.height - 12, class: "axis", anchor: "middle"))
        let height = Self.number(Self.top + plotHeight / 2)
        lines.append(
            #"<text class="axis" text-anchor="middle" transform="translate(16 \#(height)) rotate(-90)">"#
                + HTML.escaped(y.title) + "</text>"
        )
        return lines
    }

    private func marks(_ series: PlotSeries) -> [String] {
        let places = series.points.map { point in
            (
                x: Self.left + plotWidth * x.place(point.x), y: Self.top + plotHeight * (1 - y.place(point.y)),
                point.label
            )
        }
        let slot = plotWidth / Double(max(1, x.ticks.count))
        switch series.shape {
        case .columns:
            let all = self.series.filter { $0.shape == .columns }.map(\.name)
            let width = slot * 0.62 / Double(max(1, all.count))
            let shift = Double(all.firstIndex(of: series.name) ?? 0) - Double(all.count) / 2
            return places.map { place in
                let left = Self.number(place.x + shift * width + width * 0.04)
                let height = Self.number(max(1, Self.top + plotHeight - place.y))
                return #"<rect x="\#(left)" y="\#(Self.number(place.y))" width="\#(Self.number(width * 0.92))" "#
                    + #"height="\#(height)" rx="2" fill="\#(series.color)">\#(Self.tip(place.2))</rect>"#
            }
        case .line:
            let path = places.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
            return [
                #"<polyline points="\#(path)" fill="none" stroke="\#(series.color)" stroke-width="2" "#
                    + #"stroke-linejoin="round">\#(Self.tip(series.name))</polyline>"#
            ]
        case .marks:
            return places.map { place in
                #"<circle cx="\#(Self.number(place.x))" cy="\#(Self.number(place.y))" r="5" fill="\#(series.color)" "#
                    + #"class="mark">\#(Self.tip(place.2))</circle>"#
            }
        case .limits:
            return places.map { place in
                #"<line x1="\#(Self.number(place.x - slot * 0.3))" x2="\#(Self.number(place.x + slot * 0.3))" "#
                    + #"y1="\#(Self.number(place.y))" y2="\#(Self.number(place.y))" stroke="\#(series.color)" "#
                    + #"stroke-width="2" stroke-dasharray="5 4">\#(Self.tip(place.2))</line>"#
            }
        }
    }

    private static func text(_ text: String, x: Double, y: Double, class name: String, anchor: String) -> String {
        #"<text class="\#(name)" x="\#(number(x))" y="\#(number(y))" text-anchor="\#(anchor)">\#(HTML.escaped(text))</text>"#
    }

    private static func tip(_ label: String) -> String { "<title>\(HTML.escaped(label))</title>" }

    private static func number(_ value: Double) -> String { LoadReport.fixed(value, digits: 1) }
}
