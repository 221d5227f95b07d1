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

    /// The same for a compaction.
    mutating func show(_ progress: CompactionProgress) {
        show(Self.text(progress))
    }

    /// The same for work that is not a verification.
    ///
    /// - Parameter noun: what is counted, in the plural.
    mutating func show(done: Int, total: Int, of noun: String) {
        show(Self.text(done: UInt64(clamping: done), total: UInt64(clamping: total), of: noun))
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
        let noun =
            switch progress.part {
            case .journal: "segments of the journal"
            case .index: "records of the index"
            }
        return text(done: UInt64(clamping: progress.doneCount), total: UInt64(clamping: progress.totalCount), of: noun)
    }

    /// The progress of a compaction, which is done twice: once writing, once comparing.
    static func text(_ progress: CompactionProgress) -> String {
        let noun =
            switch progress.part {
            case .copying: "records written anew"
            case .comparing: "records compared"
            }
        return text(done: progress.doneCount, total: progress.totalCount, of: noun)
    }

    private static func text(done: UInt64, total: UInt64, of noun: String) -> String {
        let whole = max(total, 1)
        let share = Double(min(done, whole)) / Double(whole)
        let filled = Int(share * Double(width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        return "[\(bar)] \(Int(share * 100)) % of \(total) \(noun)"
    }
}
