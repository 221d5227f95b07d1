public import NIOCore

extension Connect {
    /// Appends the packet to `buffer`, as a client; what `version` does not have is left out.
    public func write(to buffer: inout ByteBuffer) {
        let name = version == .v31 ? "MQIsdp" : "MQTT"
        let properties = properties
        let willProperties = will?.properties ?? PropertySection()
        var bodyBytes = 2 + name.utf8.count + 1 + 1 + 2 + 2 + clientIdentifier.count
        if version.hasProperties { bodyBytes += properties.encodedBytes }
        if let will {
            if version.hasProperties { bodyBytes += willProperties.encodedBytes }
            bodyBytes += 2 + will.topic.bytes.count + 2 + will.payload.count
        }
        if let userName { bodyBytes += 2 + userName.count }
        if let password { bodyBytes += 2 + password.count }

        FieldWriter.appendPacket(.connect, bodyBytes: bodyBytes, to: &buffer) { writer in
            writer.writePrefixed(Array(name.utf8))
            writer.write(version.rawValue)
            writer.write(ConnectFlags(self).rawValue)
            writer.write(keepAliveSeconds)
            if version.hasProperties { writer.write(properties) }
            writer.writePrefixed(clientIdentifier.bytes)
            if let will {
                if version.hasProperties { writer.write(willProperties) }
                writer.writePrefixed(will.topic.bytes)
                writer.writePrefixed(will.payload)
            }
            if let userName { writer.writePrefixed(userName.bytes) }
            password?.withBytes { writer.writePrefixed($0) }
        }
    }

    private var properties: PropertySection {
        var section = PropertySection()
        section.append(.sessionExpiryInterval, sessionExpirySeconds == 0 ? nil : sessionExpirySeconds)
        section.append(.receiveMaximum, receiveMaximum == 65_535 ? nil : receiveMaximum)
        section.append(.maximumPacketSize, maximumPacketBytes)
        section.append(.topicAliasMaximum, topicAliasMaximum == 0 ? nil : topicAliasMaximum)
        section.append(.requestResponseInformation, requestsResponseInformation ? true : nil)
        section.append(.requestProblemInformation, requestsProblemInformation ? nil : false)
        section.append(userProperties)
        section.append(.authenticationMethod, authenticationMethod)
        section.append(.authenticationData, authenticationData)
        return section
    }
}
