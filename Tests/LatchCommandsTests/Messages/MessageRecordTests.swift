import Mosquitto
import Testing

@testable import LatchCommands

/// NDJSON, there and back.
@Suite struct MessageRecordTests {
    private static let full = RetainedMessage(
        topic: Array("grüße/a b".utf8),
        payload: Array("line\n\"quoted\" \u{0}ünïcode".utf8),
        properties: PropertyJSON.encoded([
            .init(.payloadFormatIndicator, value: .number(1)), .init(.contentType, value: .text("text/plain")),
            .init(.correlationData, value: .text("00FF10")), .init(.userProperty, name: "a", value: .text("b")),
        ]) ?? [],
        qos: 2,
        expirySeconds: 5_995_695_637,
        clientID: Array("sensor-1".utf8),
        userName: Array("ali ce".utf8),
        listenerPort: 1883,
        publishTimeMilliseconds: 1_795_695_637_123
    )

    @Test(arguments: [
        full,
        RetainedMessage(topic: Array("t".utf8), payload: [0xFF, 0x00, 0xC3]),
        RetainedMessage(topic: Array("$private".utf8), payload: Array("x".utf8), qos: 1),
    ])
    func aMessageComesBackAsItWas(message: RetainedMessage) throws {
        let line = try #require(MessageRecord(message)).line
        #expect(!line.contains(UInt8(ascii: "\n")))
        #expect(MessageRecord(line: line[...])?.message == message)
    }

    @Test func aLineIsReadableByPeople() throws {
        let line = String(decoding: try #require(MessageRecord(Self.full)).line, as: UTF8.self)
        #expect(line.contains(#""topic":"grüße/a b""#) && line.contains(#""expires":5995695637"#))
        #expect(line.contains(#""user_name":"ali ce""#) && line.contains(#""value":"00FF10""#))
    }

    @Test(arguments: [
        "", "{}", "[]", "not json", #"{"topic":"a"}"#, #"{"topic":"a","payload":"b","payload_base64":"Yg=="}"#,
        #"{"topic":"a","payload":"b","qos":"1"}"#,
        #"{"topic":"a","payload":"b","properties":[{"identifier":"content-type","value":1}]}"#,
        #"{"topic":"a","payload":"b","properties":[{"identifier":"will-delay-interval","value":1}]}"#,
    ])
    func whatIsNoRecordIsTold(line: String) {
        #expect(MessageRecord(line: Array(line.utf8)[...])?.message == nil)
    }

    @Test func linesAreCountedAsAnEditorCountsThem() throws {
        let text = "\n{\"topic\":\"a\",\"payload\":\"1\"}\r\n\nbroken\n{\"topic\":\"b\",\"payload\":\"2\"}"
        var found: [String] = []
        try RecordSource(bytes: Array(text.utf8), place: "x").forEach { item in
            switch item {
            case .message(let message): found.append(String(decoding: message.topic, as: UTF8.self))
            case .unreadable(let reason): found.append(reason)
            }
        }
        #expect(found == ["a", "line 4: no record of a message", "b"])
    }
}
