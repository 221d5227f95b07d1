import Testing

@testable import Mosquitto

/// Which name is proposed for an unknown one.
struct NearestNameTests {
    @Test(arguments: [
        ("", "abc", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1), ("abc", "acb", 1), ("abc", "cab", 2),
        ("kitten", "sitting", 3),
    ])
    func theDistanceCountsEdits(left: String, right: String, distance: Int) {
        #expect(NearestName.distance(Array(left.utf8), Array(right.utf8)) == distance)
        #expect(NearestName.distance(Array(right.utf8), Array(left.utf8)) == distance)
    }

    @Test(arguments: [
        ("listner", "listener"), ("allow_anonymous_", "allow_anonymous"), ("aclfile", "acl_file"),
        ("pasword_file", "password_file"), ("max_packet_szie", "max_packet_size"), ("Port", "port"),
        ("persistance", "persistence"),
    ])
    func aSlipOfThePenFindsItsName(misspelt: String, name: String) {
        #expect(NearestName.of(misspelt, among: DirectiveClass.knownNames) == name)
    }

    @Test(arguments: ["x", "frobnicate", "", String(repeating: "listener", count: 100)])
    func whatIsLikeNothingFindsNothing(name: String) {
        #expect(NearestName.of(name, among: DirectiveClass.knownNames) == nil)
    }
}
