import MQTTWire
import Testing

@Suite("Levels of topics (4.7.1.1)")
struct TopicLevelsTests {
    @Test(
        "Every separator makes a level, empty ones too",
        arguments: [
            ("a", ["a"]), ("a/b", ["a", "b"]), ("/", ["", ""]), ("/a", ["", "a"]), ("a/", ["a", ""]),
            ("a//b", ["a", "", "b"]), ("//", ["", "", ""]), ("+/#", ["+", "#"]), ("", [""]),
        ] as [(String, [String])]
    )
    func levels(_ topic: String, _ expected: [String]) {
        let levels = withGuardedBytes(topic.utf8) { bytes in
            TopicLevels(in: bytes).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(levels == expected)
    }
}
