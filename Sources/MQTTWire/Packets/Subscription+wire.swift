extension Subscription {
    /// Reads one filter and its options byte.
    ///
    /// - Throws: what `TopicFilter` throws, `subscriptionOptionsReserved`, `subscriptionOptionsInvalid`,
    ///   `noLocalOnSharedSubscription`, `fieldTruncated`.
    init(_ reader: inout FieldReader, version: ProtocolVersion) throws(DecodingError) {
        let filter = try TopicFilter(bytes: try reader.readBinary())
        let options = try reader.readUInt8()
        let reserved: UInt8 = version.hasProperties ? 0xC0 : 0xFC
        guard options & reserved == 0 else { throw DecodingError(.subscriptionOptionsReserved) }
        guard let maximumQoS = QoS(rawValue: options & 0x03),
            let retainHandling = RetainHandling(rawValue: options >> 4)
        else {
            throw DecodingError(.subscriptionOptionsInvalid)
        }
        let isNoLocal = options & 0x04 != 0
        guard !isNoLocal || !filter.isShared else { throw DecodingError(.noLocalOnSharedSubscription) }
        self.init(
            filter: filter,
            maximumQoS: maximumQoS,
            isNoLocal: isNoLocal,
            isRetainAsPublished: options & 0x08 != 0,
            retainHandling: retainHandling
        )
    }

    /// The options byte.
    func options(version: ProtocolVersion) -> UInt8 {
        guard version.hasProperties else { return maximumQoS.rawValue }
        return maximumQoS.rawValue | (isNoLocal ? 0x04 : 0) | (isRetainAsPublished ? 0x08 : 0)
            | retainHandling.rawValue << 4
    }
}
