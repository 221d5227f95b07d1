import Testing

@testable import LatchCommands

/// When names that nobody checks deserve a warning.
@Suite struct NameWarningTests {
    @Test(arguments: [
        "listener 1883\nallow_anonymous true",
        "listener 1883 192.0.2.1\nallow_anonymous true",
        "listener 1883 127.0.0.1\nallow_anonymous true\nacl_file a",
        "listener 0 /run/s\nallow_anonymous true\nacl_file a",
    ])
    func anOpenDoor(text: String) throws {
        let warning = try #require(try ServeSettings(text: text).nameWarning)
        #expect(warning.contains("password_file"))
    }

    @Test(arguments: [
        "persistence false", "listener 1883", "listener 1883 127.0.0.1\nallow_anonymous true",
        "listener 0 /run/s\nallow_anonymous true", "listener 1883\nallow_anonymous true\npassword_file p",
    ])
    func noOpenDoor(text: String) throws {
        #expect(try ServeSettings(text: text).nameWarning == nil)
    }

    @Test func everyDoorIsNamedOnce() throws {
        let warning = try ServeSettings(
            text: "listener 1\nlistener 1 192.0.2.1\nlistener 2\nlistener 3 ::1\nallow_anonymous true"
        ).nameWarning
        #expect(warning?.contains("on port 1, port 2:") == true)
    }
}
