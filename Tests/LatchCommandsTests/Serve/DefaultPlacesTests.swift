import Testing

@testable import LatchCommands

/// Where things lie when nobody says where (XDG Base Directory Specification).
@Suite struct DefaultPlacesTests {
    @Test(arguments: [
        (["HOME": "/h"], "/h/.local/state/latch", "/h/.config/latch/master.key"),
        (["HOME": "/h", "XDG_STATE_HOME": "/s"], "/s/latch", "/h/.config/latch/master.key"),
        (["XDG_STATE_HOME": "/s", "XDG_CONFIG_HOME": "/c"], "/s/latch", "/c/latch/master.key"),
        (["HOME": "/h", "XDG_STATE_HOME": "s"], "/h/.local/state/latch", "/h/.config/latch/master.key"),
    ])
    func fromTheEnvironment(environment: [String: String], store: String, key: String) throws {
        let places = try DefaultPlaces(store: nil, key: nil, environment: { environment[$0] })
        #expect(places.store == store)
        #expect(places.key == key)
    }

    @Test func whatIsNamedNeedsNoHome() throws {
        let places = try DefaultPlaces(store: "a", key: "b", environment: { _ in nil })
        #expect(places.store == "a")
        #expect(places.key == "b")
    }

    @Test func withoutAHomeThePlacesMustBeNamed() {
        let failure = #expect(throws: CommandFailure.self) {
            try DefaultPlaces(store: "a", key: nil, environment: { _ in nil })
        }
        #expect(failure?.status == .usage)
        #expect(failure?.description.contains("--key-file") == true)
    }
}
