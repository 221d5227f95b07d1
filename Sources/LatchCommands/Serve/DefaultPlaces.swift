/// Where `latch serve` without a configuration keeps things (XDG Base Directory Specification 0.8).
struct DefaultPlaces: Sendable, Equatable {
    /// The store's directory.
    let store: String
    /// The master key's file, outside the store.
    let key: String

    /// - Throws: ``CommandFailure`` when the environment names no home.
    init(environment: (String) -> String?) throws(CommandFailure) {
        func place(_ variable: String, _ fallback: String) -> String? {
            // The specification: a relative path there is invalid and to be ignored.
            if let value = environment(variable), value.hasPrefix("/") { return value }
            guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
            return home + "/" + fallback
        }
        guard let state = place("XDG_STATE_HOME", ".local/state"), let configuration = place("XDG_CONFIG_HOME", ".config")
        else {
            throw CommandFailure(.usage, "neither HOME nor XDG_STATE_HOME and XDG_CONFIG_HOME is set; name places with --store and --key-file")
        }
        store = state + "/latch"
        key = configuration + "/latch/master.key"
    }
}
