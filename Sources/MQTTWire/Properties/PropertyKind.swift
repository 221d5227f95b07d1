/// How the value of a property is written (2.2.2.2, table 2-4, column Type).
enum PropertyKind {
    /// One byte that may be 0 or 1 only; all one-byte properties are of this kind.
    case flag
    case twoByteInteger
    case fourByteInteger
    case variableByteInteger
    case string
    case binary
    case stringPair
}
