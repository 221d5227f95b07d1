import ArgumentParser
import RetainedStore

/// `latch key add`: another master key that opens the store.
struct KeyAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Let another master key open a store, beside those that do."
    )

    @OptionGroup var arguments: NewKeyArguments

    func run() throws {
        try arguments.run("key add") { (change, newKey) throws(StoreError) in
            let slot = try RetainedStore.addKey(newKey, at: change.location, openedWith: change.key)
            return "added the slot \(slot.fingerprint) for \(arguments.source.name)"
        }
    }
}
