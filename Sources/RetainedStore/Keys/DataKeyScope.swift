/// Whose messages a data key seals.
enum DataKeyScope: Hashable, Sendable {
    /// One namespace, by its token.
    case namespace(NamespaceToken)
    /// All namespaces whose token falls into the bucket.
    case bucket(Int)
}
