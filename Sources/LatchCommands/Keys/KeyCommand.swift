import ArgumentParser

/// `latch key`: what can be done with the keys of a store.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make and change the keys of a store, destroy those of a namespace.",
        discussion: """
            A store's master keys open its header, one slot each; its data keys, one for each first topic level, seal \
            its messages and lie in the keyring. init, show, add, remove and rewrap are about the former, rotate and \
            shred about the latter. All of them work while a broker has the store open.
            """,
        subcommands: [
            KeyInitCommand.self, KeyShowCommand.self, KeyAddCommand.self, KeyRemoveCommand.self,
            KeyRewrapCommand.self, KeyRotateCommand.self, KeyShredCommand.self,
        ]
    )
}
