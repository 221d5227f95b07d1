public import MQTTWire

extension PropertyJSON {
    /// The properties of a message, from their form on the wire.
    ///
    /// - Throws: `DecodingError` for bytes that are not forwarded properties.
    public static func list(_ bytes: [UInt8]) throws(DecodingError) -> [PropertyJSON] {
        try bytes.withUnsafeBufferPointer { (bytes) throws(DecodingError) in
            let properties = try ForwardedProperties(validating: UnsafeRawBufferPointer(bytes))
            var list: [PropertyJSON] = []
            if properties.payloadIsUTF8 { list.append(.init(.payloadFormatIndicator, value: .number(1))) }
            if let type = properties.contentType { list.append(.init(.contentType, value: .text(type.description))) }
            if let topic = properties.responseTopic {
                list.append(.init(.responseTopic, value: .text(String(decoding: topic, as: UTF8.self))))
            }
            if let data = properties.correlationData {
                list.append(.init(.correlationData, value: .text(Self.hexadecimal(data))))
            }
            for property in properties.userProperties {
                list.append(
                    .init(.userProperty, name: property.name.description, value: .text(property.value.description))
                )
            }
            return list
        }
    }

    /// The properties on the wire, without a length in front; `nil` if one of them cannot be a property of MQTT 5.0.
    public static func encoded(_ list: [PropertyJSON]) -> [UInt8]? {
        var payloadIsUTF8: Bool?
        var contentType: UTF8String?
        var responseTopic: TopicName?
        var correlationData: [UInt8]?
        var userProperties: [UserProperty] = []
        for property in list {
            switch (property.identifier, property.value) {
            case (.payloadFormatIndicator, .number(let number)) where number <= 1:
                payloadIsUTF8 = number == 1
            case (.contentType, .text(let text)):
                guard let text = string(text) else { return nil }
                contentType = text
            case (.responseTopic, .text(let text)):
                guard let topic = try? TopicName(text) else { return nil }
                responseTopic = topic
            case (.correlationData, .text(let text)):
                guard let bytes = bytes(hexadecimal: text), bytes.count <= WireLimits.stringBytesMax else { return nil }
                correlationData = bytes
            case (.userProperty, .text(let text)):
                guard let name = string(property.name ?? ""), let value = string(text) else { return nil }
                userProperties.append(UserProperty(name: name, value: value))
            case (.payloadFormatIndicator, _), (.contentType, .number), (.responseTopic, .number),
                (.correlationData, .number), (.userProperty, .number):
                return nil
            }
        }
        return ForwardedProperties.encode(
            payloadIsUTF8: payloadIsUTF8,
            contentType: contentType,
            responseTopic: responseTopic,
            correlationData: correlationData,
            userProperties: userProperties
        )
    }

    private static func string(_ text: String) -> UTF8String? {
        text.utf8.count <= WireLimits.stringBytesMax ? UTF8String(validating: text.utf8) : nil
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        let text = Array(text.utf8)
        guard text.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: text.count, by: 2) {
            guard let byte = UInt8(String(decoding: text[index..<index + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }
}
