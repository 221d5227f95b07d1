import ArgumentParser

/// A sync policy as a sweep names it: `always`, an interval such as `10ms`, `1s` or `0.5`, or `none`.
enum SweepPolicy: Hashable, Sendable, ExpressibleByArgument {
    case always
    case interval(milliseconds: Int)
    case none

    /// From the safest to the fastest: what a sweep measures unless told otherwise.
    static let all: [SweepPolicy] =
        [.always] + [1, 10, 100, 1_000, 30_000, 1_800_000].map { .interval(milliseconds: $0) } + [.none]

    init?(argument: String) {
        switch argument {
        case "always": self = .always
        case "none": self = .none
        default:
            let (digits, scale) =
                argument.hasSuffix("ms")
                ? (argument.dropLast(2), 1.0) : (argument.hasSuffix("s") ? argument.dropLast() : argument[...], 1000.0)
            guard let number = Double(digits), (1...86_400_000).contains(number * scale) else { return nil }
            self = .interval(milliseconds: Int((number * scale).rounded()))
        }
    }

    /// For a person: `always`, `10 ms`, `1800 s`, `none`.
    var name: String {
        switch self {
        case .always: "always"
        case .interval(let milliseconds):
            milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
        case .none: "none"
        }
    }

    /// The longest time for which an acknowledged message may be missing from the disk; `nil`: no promise.
    var promisedMilliseconds: Int? {
        switch self {
        case .always: 0
        case .interval(let milliseconds): milliseconds
        case .none: nil
        }
    }

    /// The lines of a mosquitto.conf that ask for it.
    var directives: [String] {
        switch self {
        case .always: ["persistence_sync always"]
        case .interval(let milliseconds):
            [
                "persistence_sync interval",
                "autosave_interval \(LoadReport.fixed(Double(milliseconds) / 1_000, digits: 3))",
            ]
        case .none: ["persistence_sync none"]
        }
    }
}
