/// Something that a check found, with what to do about it.
struct Finding: Encodable, Equatable {
    enum Severity: String, Encodable, Comparable {
        /// Data, secrets or the broker's start are at risk: the doctor ends with exit code 2.
        case problem
        /// It works, and may not be what is wanted.
        case warning
        /// In order.
        case fine

        private var rank: Int {
            switch self {
            case .problem: 0
            case .warning: 1
            case .fine: 2
            }
        }

        static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    }

    var severity: Severity
    /// What was looked at, in a word or two.
    var subject: String
    /// What was found, in one clause.
    var finding: String
    /// What to do, in one clause; `nil` where nothing is to be done.
    var remedy: String?

    static func problem(_ subject: String, _ finding: String, remedy: String) -> Finding {
        Finding(severity: .problem, subject: subject, finding: finding, remedy: remedy)
    }

    static func warning(_ subject: String, _ finding: String, remedy: String) -> Finding {
        Finding(severity: .warning, subject: subject, finding: finding, remedy: remedy)
    }

    static func fine(_ subject: String, _ finding: String) -> Finding {
        Finding(severity: .fine, subject: subject, finding: finding)
    }

    /// One line, and one more with the remedy.
    var text: String {
        let head =
            "\(severity.rawValue)\(String(repeating: " ", count: 9 - severity.rawValue.count))\(subject): \(finding)"
        return remedy.map { "\(head)\n         \($0)" } ?? head
    }
}
