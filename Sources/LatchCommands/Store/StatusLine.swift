import Glibc

/// A line on standard error that says how far long work has come, written over itself; on a terminal only.
struct StatusLine {
    private static let redrawInterval = Duration.milliseconds(100)

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var due = ContinuousClock.now
    private var isShown = false

    /// Shows a text, now and then.
    mutating func show(_ text: String) {
        guard isTerminal, ContinuousClock.now >= due else { return }
        due = .now + Self.redrawInterval
        isShown = true
        StandardError.write("\r\u{1B}[K" + text)
    }

    /// Takes the line away.
    mutating func clear() {
        guard isShown else { return }
        isShown = false
        StandardError.write("\r\u{1B}[K")
    }
}
