import Glibc
import RetainedStore

/// A line on standard error that says how far long work has come, drawn over itself; on a terminal only, so that no log fills with it.
struct ProgressLine {
    private static let redrawInterval = Duration.milliseconds(100)
    private static let width = 30

    private let isTerminal: Bool
    private var due: ContinuousClock.Instant
    private var isShown = false

    /// - Parameter patience: work that ends within this time needs no line.
    init(isTerminal: Bool = isatty(STDERR_FILENO) == 1, patience: Duration = .seconds(1)) {
        self.isTerminal = isTerminal
        due = .now + patience
    }

    /// Draws how far the work has come, now and then.
    mutating func show(_ progress: VerificationProgress) {
        show(Self.text(progress))
    }

    /// The same in words.
    mutating func show(_ text: @autoclosure () -> String) {
        guard isTerminal, ContinuousClock.now >= due else { return }
        due = .now + Self.redrawInterval
        isShown = true
        StandardError.write("\r\u{1B}[K" + text())
    }

    /// Takes the bar away.
    mutating func clear() {
        guard isShown else { return }
        isShown = false
        StandardError.write("\r\u{1B}[K")
    }

    /// The progress as a bar.
    static func text(_ progress: VerificationProgress) -> String {
        let total = max(progress.totalCount, 1)
        let share = Double(min(progress.doneCount, total)) / Double(total)
        let filled = Int(share * Double(width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let what =
            switch progress.part {
            case .journal: "segments of the journal"
            case .index: "records of the index"
            }
        return "[\(bar)] \(Int(share * 100)) % of \(progress.totalCount) \(what)"
    }
}
