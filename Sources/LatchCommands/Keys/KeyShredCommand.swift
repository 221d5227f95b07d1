import ArgumentParser

/// `latch key shred`: destroys the data keys of a namespace, and with them its messages.
struct KeyShredCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shred",
        abstract: "Destroy the data keys of a namespace: its retained messages are gone, and nothing brings them back.",
        discussion: """
            A namespace is a first topic level, as alice in alice/door. Where the keyring is kept apart from the store, \
            no copy of the store has one, and its messages are gone from every backup too; where it is in the store, \
            name the copies by --also. The command says which, and tries what is left.
            """
    )

    @OptionGroup var arguments: StoreArguments

    @Argument(help: "The first topic level whose messages go.")
    var namespace: String

    @Option(help: "The directory of a copy of the store that has a keyring of its own; may be repeated.")
    var also: [String] = []

    func run() throws {
        try ShredVerb.check(namespace)
        let copies = also.map(Directory.absolute)
        try VerbRun(verb: ShredVerb(namespace: namespace, also: copies), arguments: arguments).run()
    }
}
