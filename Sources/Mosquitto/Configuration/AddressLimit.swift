/// A limit of one address, as a file states it or does not.
public enum AddressLimit: Sendable, Equatable {
    /// There is no line: the broker's own limit holds, for public addresses only.
    case unstated
    /// For all addresses; `nil` is no limit.
    case stated(Int?)
}
