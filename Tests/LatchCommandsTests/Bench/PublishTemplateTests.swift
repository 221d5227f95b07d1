import Testing

@testable import LatchCommands

@Suite struct PublishTemplateTests {
    private func packet(_ template: PublishTemplate, topic: Int, identifier: UInt16 = 0, sequence: UInt64 = 0)
        -> [UInt8]
    {
        var bytes = [UInt8](repeating: 0xAA, count: template.count)
        bytes.withUnsafeMutableBytes {
            template.write(
                to: $0.baseAddress!,
                topic: topic,
                identifier: identifier,
                sequence: sequence,
                nanoseconds: 0x0102_0304_0506_0708
            )
        }
        return bytes
    }

    @Test func aRetainedMessageAtQoS1ByteForByte() {
        let naming = TopicNaming(prefix: "p", topics: 1_000)
        let template = PublishTemplate(version: .mqtt311, naming: naming, qos: 1, isRetained: true, payloadBytes: 18)
        let name = Array("p/dev00042/temp".utf8)
        let payload: [UInt8] = [0, 0, 0, 0, 0, 0, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8, 0x78, 0x78]
        let whole = [0x33, UInt8(2 + name.count + 2 + 18), 0, UInt8(name.count)] + name + [0xBE, 0xEF] + payload
        #expect(packet(template, topic: 42, identifier: 0xBEEF, sequence: 0x1234) == whole)
    }

    @Test func version5HasPropertiesAndNoneOfThem() {
        let naming = TopicNaming(prefix: "p", topics: 1_000)
        let template = PublishTemplate(version: .mqtt5, naming: naming, qos: 1, isRetained: true, payloadBytes: 16)
        let name = Array("p/dev00042/temp".utf8)
        let payload: [UInt8] = [0, 0, 0, 0, 0, 0, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8]
        let whole = [0x33, UInt8(2 + name.count + 3 + 16), 0, UInt8(name.count)] + name + [0xBE, 0xEF, 0] + payload
        #expect(packet(template, topic: 42, identifier: 0xBEEF, sequence: 0x1234) == whole)
    }

    @Test func aClearHasNoPayload() {
        let naming = TopicNaming(prefix: "p", topics: 1_000)
        let template = PublishTemplate(version: .mqtt311, naming: naming, qos: 2, isRetained: true, payloadBytes: 0)
        let name = Array("p/dev00007/temp".utf8)
        #expect(packet(template, topic: 7, identifier: 1) == [0x35, 19, 0, 15] + name + [0, 1])
    }

    @Test func theRemainingLengthOfALargeMessageHasTwoBytes() {
        let naming = TopicNaming(prefix: "p", topics: 1_000)
        let template = PublishTemplate(version: .mqtt311, naming: naming, qos: 0, isRetained: false, payloadBytes: 200)
        let bytes = packet(template, topic: 0)
        #expect(Array(bytes[..<3]) == [0x30, 0x80 | 89, 1])
        #expect(bytes.count == 3 + 217)
    }

    @Test(arguments: [16, 23, 24, 200])
    func aReaderRecognisesItsSequenceAndTopic(payloadBytes: Int) {
        let naming = TopicNaming(prefix: "p", topics: 1_000)
        let template = PublishTemplate(
            version: .mqtt311,
            naming: naming,
            qos: 0,
            isRetained: true,
            payloadBytes: payloadBytes
        )
        var payload = Array(packet(template, topic: 5, sequence: 77).suffix(payloadBytes))
        func sequence(_ bytes: [UInt8], topic: Int) -> UInt64? {
            bytes.withUnsafeBytes { LoadPayload.sequence(of: $0, topic: topic, payloadBytes: payloadBytes) }
        }
        #expect(sequence(payload, topic: 5) == 77)
        #expect(sequence(payload.dropLast(), topic: 5) == nil)
        if payloadBytes >= LoadPayload.taggedBytesMin {
            #expect(sequence(payload, topic: 6) == nil)
            payload[payloadBytes - 1] ^= 1
            #expect(sequence(payload, topic: 5) == nil)
        }
    }
}
