/// How a topic filter is compared, found out once when a rule is compiled.
///
/// Almost every filter of an access control list is a literal topic or a literal prefix with `/#`; both are one length
/// comparison and one `memcmp`, without looking for levels.
enum FilterShape: UInt8, Sendable {
    /// No wildcard.
    case literal
    /// Literal levels followed by `/#`.
    case subtree
    /// `#`, and `+/#`, which matches the same topics.
    case everything
    /// Anything else.
    case wildcards

    /// The shape of a valid filter.
    init(of filter: [UInt8]) {
        if filter == [.numberSign] || filter == [.plusSign, .solidus, .numberSign] {
            self = .everything
        } else if filter.contains(.plusSign) {
            self = .wildcards
        } else if filter.last == .numberSign {
            self = .subtree
        } else {
            self = .literal
        }
    }
}
