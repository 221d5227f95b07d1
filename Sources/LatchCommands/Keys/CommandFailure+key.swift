import RetainedStore

extension CommandFailure {
    /// No key was given for a store that wants one.
    ///
    /// - Parameter directory: The store's, which tells what it wants.
    static func missingKey(for directory: String) -> CommandFailure {
        var wanted = ""
        // A header that cannot be read has its own message, once a key is there.
        if let slots = try? RetainedStore.keySlots(at: StoreLocation(directory: directory)), !slots.isEmpty {
            wanted = ", which wants " + slots.map(\.description).joined(separator: " or ")
        }
        return CommandFailure(.key, "no master key for the store \(directory)\(wanted); \(MasterKeySource.ways)")
    }

    /// No key was given, and where a configuration was, none is generated.
    static let missingFirstKey = CommandFailure(
        .key,
        """
        no master key, and with -c none is generated; \(MasterKeySource.ways); a new one: latch key init FILE
        """
    )
}
