import ArgumentParser
import RetainedStore

/// What the commands that change a store's key slots have in common.
struct KeyChange {
    let source: MasterKeySource
    let location: StoreLocation
    let key: MasterKey
    private let command: String
    private let options: KeyOptions

    /// Finds the store and a key that opens it.
    ///
    /// - Parameter command: as it is typed: `key add`.
    init(_ command: String, _ arguments: StoreArguments) throws(CommandFailure) {
        self.command = command
        options = arguments.keys
        try ProcessProtection.beforeKeys()
        let source = arguments.keySource(environment: Environment.value)
        location = try arguments.location(source)
        guard let source else { throw .missingKey(for: location.directory) }
        self.source = source
        key = try source.read()
    }

    /// Changes the slots, and says so; what the store refuses becomes a failure of the command.
    func run(_ change: (KeyChange) throws(StoreError) -> String) throws(CommandFailure) {
        try StoreOwner.become(of: location.directory)
        let trail = try CommandTrail(command, options)
        do throws(CommandFailure) {
            let said = try trail.opening(location.directory, with: source) { () throws(StoreError) in
                try change(self)
            }
            trail.ended(isFailure: false)
            print(said)
        } catch {
            trail.ended(isFailure: true)
            throw error
        }
    }

    /// What else must be known where the store is opened with another key: the keyring was found by way of the old one's
    /// place.
    func keyringHint(_ newSource: MasterKeySource) -> String {
        guard newSource.keyringPath(of: location.directory, isNew: false) != location.keyring else { return "" }
        return """
            \nthe keyring stays at \(location.keyringPath): with the new key name it by keyring_location or --keyring, \
            or move it beside the new key as \(MasterKeySource.keyringName(of: location.directory)) while no broker runs
            """
    }
}
