/// Whether a store takes retained messages.
public enum StoreHealth: Equatable, Sendable {
    /// It does.
    case healthy
    /// It refuses them until there is space again.
    case full(StoreSpace)
    /// It refuses them until it is opened again.
    case failed(StoreError)
}
