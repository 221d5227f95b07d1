import ArgumentParser
import RetainedStore

/// `latch key add`: another master key that opens the store.
struct KeyAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Let another master key open a store, beside those that do."
    )

    @OptionGroup var arguments: StoreArguments

    @Option(name: .customLong("new"), help: "Where the new key comes from: \(MasterKeySource.forms).")
    var newSource: MasterKeySource

    func run() throws {
        let change = try KeyChange(arguments)
        let newKey = try newSource.read()
        try change.run { (change) throws(StoreError) in
            let slot = try RetainedStore.addKey(newKey, at: change.location, openedWith: change.key)
            return "added the slot \(slot.fingerprint) for \(newSource.name)" + change.keyringHint(newSource)
        }
    }
}
