extension ForwardedProperties {
    /// What has to be passed on (3.3.2.3.2, -5, -6, -7, -8).
    static let identifiers = PropertySet(
        .payloadFormatIndicator,
        .contentType,
        .responseTopic,
        .correlationData,
        .userProperty
    )

    /// Checks bytes that a program made or kept, and takes them if they are forwarded properties and nothing else.
    ///
    /// - Throws: what a property section of PUBLISH throws; `propertyNotAllowed` for one that is not forwarded.
    public init(validating bytes: UnsafeRawBufferPointer) throws(DecodingError) {
        var properties = PropertyReader(bytes, allowed: ForwardedProperties.identifiers)
        while let property = try properties.next() {
            if property.identifier == .responseTopic {
                guard !property.bytes.isEmpty else { throw DecodingError(.propertyValueInvalid) }
                try TopicName.validate(property.bytes)
            }
        }
        self.init(extent: bytes, byteCount: bytes.count)
    }

    /// Whether the sender says that the payload is UTF-8 (3.3.2.3.2 Payload Format Indicator).
    public var payloadIsUTF8: Bool { first(.payloadFormatIndicator)?.flag ?? false }

    /// 3.3.2.3.9 Content Type.
    public var contentType: UTF8String? { first(.contentType)?.text }

    /// 3.3.2.3.5 Response Topic.
    public var responseTopic: UnsafeRawBufferPointer? { first(.responseTopic)?.bytes }

    /// 3.3.2.3.6 Correlation Data.
    public var correlationData: UnsafeRawBufferPointer? { first(.correlationData)?.bytes }

    /// 3.3.2.3.7 User Property, in the sender's order.
    public var userProperties: [UserProperty] {
        var userProperties: [UserProperty] = []
        forEach { property, _ in
            if property.identifier == .userProperty { userProperties.append(property.userProperty) }
            return true
        }
        return userProperties
    }

    /// Calls `body` with each slice of neighbouring properties.
    func forEachRun(_ body: (UnsafeRawBufferPointer) -> Void) {
        var run = 0..<0
        forEach { property, range in
            guard ForwardedProperties.identifiers.contains(PropertySet(property.identifier)) else { return true }
            if range.lowerBound == run.upperBound {
                run = run.lowerBound..<range.upperBound
            } else {
                body(UnsafeRawBufferPointer(rebasing: extent[run]))
                run = range
            }
            return true
        }
        if !run.isEmpty { body(UnsafeRawBufferPointer(rebasing: extent[run])) }
    }

    private func first(_ identifier: PropertyIdentifier) -> Property? {
        var found: Property?
        forEach { property, _ in
            if property.identifier == identifier { found = property }
            return found == nil
        }
        return found
    }

    /// Calls `body` with every property of the extent and its place, until it returns false.
    private func forEach(_ body: (Property, Range<Int>) -> Bool) {
        var reader = FieldReader(extent)
        while !reader.isAtEnd {
            let start = reader.offset
            // The extent was validated when it was cut from its packet; a failure here cannot happen and would end
            // the walk.
            guard let property = try? Property(&reader) else { return }
            guard body(property, start..<reader.offset) else { return }
        }
    }
}
