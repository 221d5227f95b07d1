import ArgumentParser
import RetainedStore

/// `latch key rewrap`: another master key in the place of the one that is given.
struct KeyRewrapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rewrap",
        abstract: "Put another master key in the place of the one at hand, in one step.",
        discussion: """
            Data is not touched. Whoever kept the old key and an old copy of latch.store can still open that copy, and \
            with it the store: if the key was stolen, make a new store.
            """
    )

    @OptionGroup var arguments: NewKeyArguments

    func run() throws {
        try arguments.run("key rewrap") { (change, newKey) throws(StoreError) in
            let slot = try RetainedStore.replaceKey(change.key, by: newKey, at: change.location)
            return "the store opens with \(arguments.source.name) now (slot \(slot.fingerprint)), and no longer with "
                + change.source.name
        }
    }
}
