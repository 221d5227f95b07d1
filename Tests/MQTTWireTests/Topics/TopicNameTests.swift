import MQTTWire
import Testing

@Suite("Topic names (4.7)")
struct TopicNameTests {
    @Test(arguments: ["a", "/", "//", "/a", "a/", "a/b c/ß", "$SYS/x", "accounts payable", "a//b", "ACCOUNTS"])
    func valid(_ topic: String) throws {
        #expect(try TopicName(topic).bytes == Array(topic.utf8))
    }

    @Test(
        arguments: [
            ("", .topicNameMissing), ("+", .topicNameHasWildcard), ("#", .topicNameHasWildcard),
            ("a/+/b", .topicNameHasWildcard), ("a+", .topicNameHasWildcard), ("a/b/c/d/e/f/#", .topicNameHasWildcard),
            ("long enough for a word#", .topicNameHasWildcard), ("ßßßßßß+", .topicNameHasWildcard),
            ("a\u{0}b", .textMalformed), ("a\nb", .textMalformed), ("a\u{85}b", .textMalformed),
            ("a\u{FFFE}b", .textMalformed),
        ] as [(String, DecodingError.Reason)]
    )
    func invalid(_ topic: String, _ reason: DecodingError.Reason) {
        #expect(throws: DecodingError(reason)) { try TopicName(topic) }
    }

    @Test("Surrogates and broken UTF-8", arguments: ["61 ed a0 80", "61 c3", "ff"] as [Transcript])
    func malformed(_ topic: Transcript) {
        #expect(throws: DecodingError(.textMalformed)) { try TopicName(bytes: topic.bytes) }
    }

    @Test("A wildcard is noticed at every place of topics of every length")
    func everyPlace() {
        for count in 1...35 {
            for index in 0..<count {
                for (byte, isValid) in [
                    ("+", false), ("#", false), ("*", true), (",", true), ("\"", true), ("$", true),
                ] {
                    var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: count)
                    bytes[index] = Array(byte.utf8)[0]
                    #expect(((try? TopicName(bytes: bytes)) != nil) == isValid, "\(byte) at \(index) of \(count)")
                }
            }
        }
    }

    @Test("200 levels, and no more")
    func levels() throws {
        let deepest = [UInt8](repeating: UInt8(ascii: "/"), count: 199)
        #expect(throws: Never.self) { try TopicName(bytes: deepest) }
        #expect(throws: DecodingError(.topicNameTooDeep)) { try TopicName(bytes: deepest + "/".utf8) }
        #expect(DecodingError(.topicNameTooDeep).reasonCode == .topicNameInvalid)
        #expect(throws: Never.self) { try TopicName(String(repeating: "x", count: 65_535)) }
        #expect(throws: DecodingError(.fieldTruncated)) { try TopicName(String(repeating: "x", count: 65_536)) }
    }
}
