public import NIOCore

extension Connack {
    /// Appends the packet to `buffer`; below 5.0 two bytes of flags and return code.
    ///
    /// - Returns: false, and nothing is written, where 3.1 and 3.1.1 have no return code for the reason: the connection
    ///   is then closed without a CONNACK.
    @discardableResult
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) -> Bool {
        precondition(!isSessionPresent || reasonCode == .success, "a failed CONNACK has no session [MQTT-3.2.2-6]")
        let hasSession = isSessionPresent && version != .v31
        if version.hasProperties {
            let properties = properties
            FieldWriter.appendPacket(.connack, bodyBytes: 2 + properties.encodedBytes, to: &buffer) { writer in
                writer.write(hasSession ? 1 : 0 as UInt8)
                writer.write(reasonCode.rawValue)
                writer.write(properties)
            }
        } else {
            guard let returnCode = reasonCode.connectReturnCode else { return false }
            FieldWriter.appendPacket(.connack, bodyBytes: 2, to: &buffer) { writer in
                writer.write(hasSession ? 1 : 0 as UInt8)
                writer.write(returnCode.rawValue)
            }
        }
        return true
    }

    /// The first three are in mosquitto's order, which existing transcripts and clients have seen.
    private var properties: PropertySection {
        precondition(maximumQoS != .exactlyOnce, "maximum QoS 2 is said by leaving it out (3.2.2.3.4)")
        var section = PropertySection()
        section.append(.topicAliasMaximum, topicAliasMaximum)
        section.append(.maximumPacketSize, maximumPacketBytes)
        section.append(.receiveMaximum, receiveMaximum)
        section.append(.sessionExpiryInterval, sessionExpirySeconds)
        section.append(.maximumQoS, maximumQoS.map { $0 == .atLeastOnce })
        section.append(.retainAvailable, isRetainAvailable)
        section.append(.assignedClientIdentifier, assignedClientIdentifier)
        section.append(.wildcardSubscriptionAvailable, isWildcardSubscriptionAvailable)
        section.append(.subscriptionIdentifierAvailable, isSubscriptionIdentifierAvailable)
        section.append(.sharedSubscriptionAvailable, isSharedSubscriptionAvailable)
        section.append(.serverKeepAlive, serverKeepAliveSeconds)
        section.append(.responseInformation, responseInformation)
        section.append(.serverReference, serverReference)
        section.append(.authenticationMethod, authenticationMethod)
        section.append(.authenticationData, authenticationData)
        section.append(.reasonString, reasonString)
        section.append(userProperties)
        return section
    }
}
