import ArgumentParser
import RetainedStore

/// `latch key remove`: a master key opens the store no longer.
struct KeyRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Let a master key open a store no longer; the last one stays.",
        discussion: """
            This revokes nothing from somebody who has copied the root key, or kept an old latch.store together with \
            the key that goes.
            """
    )

    @OptionGroup var arguments: StoreArguments

    @Argument(help: "The slot's fingerprint, as latch key show prints it.")
    var fingerprint: String

    func run() throws {
        try KeyChange("key remove", arguments).run { (change) throws(StoreError) in
            try RetainedStore.removeKey(
                fingerprint: fingerprint,
                at: change.location,
                openedWith: change.key
            )
            return "removed the slot \(fingerprint)"
        }
    }
}
