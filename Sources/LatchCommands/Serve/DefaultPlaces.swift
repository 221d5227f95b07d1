/// Where `latch serve` without a configuration keeps things (XDG Base Directory Specification 0.8).
struct DefaultPlaces: Sendable, Equatable {
    /// The store's directory.
    let store: String
    /// The master key's file, outside the store.
    let key: String

    /// - Parameters:
    ///   - store: a directory that was named, in place of the default.
    ///   - key: a file that was named, in place of the default.
    /// - Throws: ``CommandFailure`` when a place is not named and the environment has no home.
    init(store: String?, key: String?, environment: (String) -> String?) throws(CommandFailure) {
        if let store {
            self.store = store
        } else {
            self.store = try Self.place("XDG_STATE_HOME", ".local/state", environment) + "/latch"
        }
        if let key {
            self.key = key
        } else {
            self.key = try Self.place("XDG_CONFIG_HOME", ".config", environment) + "/latch/master.key"
        }
    }

    private static func place(
        _ variable: String,
        _ fallback: String,
        _ environment: (String) -> String?
    ) throws(CommandFailure) -> String {
        // The specification: a relative path there is invalid and to be ignored.
        if let value = environment(variable), value.hasPrefix("/") { return value }
        guard let home = environment("HOME"), home.hasPrefix("/") else {
            throw CommandFailure(
                .usage,
                "neither HOME nor \(variable) is set: name the places with --store and --key-file"
            )
        }
        return home + "/" + fallback
    }
}
