/// Which space ran out.
public enum StoreSpace: Hashable, Sendable {
    /// The next journal segment could not be allocated.
    case journal
    /// The index could not grow.
    case index
    /// The keyring could not grow by the data key that a new namespace needs; namespaces that have one go on.
    case keyring
}
