import MQTTWire
import Testing

@Suite("Topic filters (4.7, 4.8.2)")
struct TopicFilterTests {
    @Test(arguments: [
        "a", "a/b", "+", "#", "/", "+/+", "/+", "+/", "a/#", "a/+/b", "+/#", "/#", "$SYS/#", "$share", "$shared/a",
        "a/$share/b/c", "ß/+", "$share/g/a", "$share/g/#", "$share/g//", "$share/g/+/b", "$share/g/$share/h/a",
    ])
    func valid(_ filter: String) throws {
        #expect(try TopicFilter(filter).bytes == Array(filter.utf8))
    }

    @Test(arguments: [
        "", "a#", "#a", "##", "a/#/b", "#/a", "#/", "+a", "a+", "++", "a/+b/c", "a/b#", "+#", "a/#b", "/#/",
        "$share/", "$share/g", "$share//f", "$share/g/", "$share/g+/f", "$share/+/f", "$share/#/f", "$share/g#/f",
        "$share/g/a#", "$share/g/#/a",
    ])
    func malformed(_ filter: String) {
        #expect(throws: DecodingError(.topicFilterMalformed)) { try TopicFilter(filter) }
    }

    @Test(arguments: ["61 00", "61 0a", "61 ed a0 80 2f 23", "ff"] as [Transcript])
    func malformedText(_ filter: Transcript) {
        #expect(throws: DecodingError(.textMalformed)) { try TopicFilter(bytes: filter.bytes) }
    }

    @Test("200 levels behind the share name, and no more")
    func levels() throws {
        let deepest = String(repeating: "/", count: 199)
        #expect(throws: Never.self) { try TopicFilter(deepest) }
        #expect(throws: Never.self) { try TopicFilter("$share/g/" + deepest) }
        #expect(throws: DecodingError(.topicFilterTooDeep)) { try TopicFilter(deepest + "/") }
        #expect(DecodingError(.topicFilterTooDeep).reasonCode == .topicFilterInvalid)
        #expect(throws: DecodingError(.fieldTruncated)) { try TopicFilter(String(repeating: "x", count: 65_536)) }
    }

    @Test func shared() {
        let filter: TopicFilter = "$share/group/a/+/#"
        #expect(filter.isShared)
        #expect(filter.shareName == "group")
        #expect(filter.matchedFilter == "a/+/#")
        #expect(!filter.matchedFilter.isShared)
        #expect(filter.withMatchedBytes { String(decoding: $0, as: UTF8.self) } == "a/+/#")
        #expect(filter != filter.matchedFilter)
    }

    @Test func notShared() {
        let filter: TopicFilter = "$SYS/a"
        #expect(!filter.isShared)
        #expect(filter.shareName == nil)
        #expect(filter.matchedFilter == filter)
    }

    @Test func wildcards() {
        for filter in ["a/+", "#", "$share/g/a/#"] as [TopicFilter] { #expect(filter.hasWildcard) }
        for filter in ["a/b", "/", "$share/g/a"] as [TopicFilter] { #expect(!filter.hasWildcard) }
    }
}
