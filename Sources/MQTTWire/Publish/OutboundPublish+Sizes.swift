extension OutboundPublish {
    /// The lengths that stand in the packet itself, computed once for each packet that is written.
    struct Sizes {
        /// The properties without their length; 0 below 5.0.
        var propertiesBytes = 0

        /// Variable header and payload: the remaining length.
        let bodyBytes: Int

        @inline(__always)
        init(_ publish: OutboundPublish, version: ProtocolVersion) {
            let fixedBytes =
                2 + publish.topic.count + (publish.qos == .atMostOnce ? 0 : 2) + publish.payload.count
            guard version.hasProperties else {
                bodyBytes = fixedBytes
                return
            }
            propertiesBytes = publish.forwardedProperties.count
            if publish.topicAlias != 0 { propertiesBytes += 3 }
            if publish.messageExpirySeconds != nil { propertiesBytes += 5 }
            for identifier in publish.subscriptionIdentifiers {
                propertiesBytes += 1 + VariableByteInteger.byteCount(of: Int(identifier))
            }
            bodyBytes = fixedBytes + VariableByteInteger.byteCount(of: propertiesBytes) + propertiesBytes
        }
    }
}
