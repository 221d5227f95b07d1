/// Walks the properties of one section and keeps the rules that all packets share (2.2.2.2): known identifiers only,
/// those of the packet type only, and none twice that may stand once.
struct PropertyReader {
    private var reader: FieldReader
    private let allowed: PropertySet
    private var seen: PropertySet = []

    /// - Parameters:
    ///   - section: the properties without their length.
    ///   - allowed: the properties of the packet type.
    init(_ section: UnsafeRawBufferPointer, allowed: PropertySet) {
        reader = FieldReader(section)
        self.allowed = allowed
    }

    /// The next property; nil at the end of the section.
    ///
    /// - Throws: `propertyUnknown`, `propertyNotAllowed`, `propertyRepeated`, and what its value throws.
    mutating func next() throws(DecodingError) -> Property? {
        if reader.isAtEnd { return nil }
        let property = try Property(&reader)
        let itself = PropertySet(property.identifier)
        guard allowed.contains(itself) else { throw DecodingError(.propertyNotAllowed) }
        if !PropertySet.repeatable.contains(itself) {
            guard seen.isDisjoint(with: itself) else { throw DecodingError(.propertyRepeated) }
            seen.formUnion(itself)
        }
        return property
    }
}
