import Testing

@testable import LatchCommands

@Suite struct TopicNamingTests {
    @Test func namesHaveOneLengthAndTellTheirNumber() {
        let naming = TopicNaming(prefix: "alice", topics: 1_000_001)
        #expect(naming.name(42) == "alice/dev0000042/temp")
        #expect(naming.name(1_000_000) == "alice/dev1000000/temp")
        #expect(naming.filter == "alice/#")
        for topic in [0, 42, 999_999, 1_000_000] {
            let bytes = Array(naming.name(topic).utf8)
            #expect(bytes.withUnsafeBytes { naming.topic(named: $0) } == topic)
        }
    }

    @Test(arguments: [
        "alice/dev0042/temp", "alice/dev00042/temq", "bobby/dev00042/temp", "alice/dev0004x/temp", "", "alice/dev",
    ])
    func foreignNamesHaveNoNumber(name: String) {
        let naming = TopicNaming(prefix: "alice", topics: 1_000)
        #expect(Array(name.utf8).withUnsafeBytes { naming.topic(named: $0) } == nil)
    }
}
