/// Which space ran out.
public enum StoreSpace: Hashable, Sendable {
    /// The next journal segment could not be allocated.
    case journal
    /// The index could not grow.
    case index
}
