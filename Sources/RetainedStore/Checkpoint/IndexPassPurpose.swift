/// What a pass over the index is for.
public enum IndexPassPurpose: String, Hashable, Sendable {
    /// Sealing under the newest generation of keys what older ones have sealed.
    case reseal
    /// Sealing anew what shares a key with a namespace that is about to be shredded.
    case resealNeighbours
    /// Removing records whose key was destroyed.
    case sweep
}
