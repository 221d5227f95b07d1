import ArgumentParser

/// `latch key rotate`: a new generation of data keys.
struct KeyRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Begin a new generation of data keys, and seal anew what older ones have sealed.",
        discussion: """
            What is new is sealed under the new keys at once. A running broker seals the old records anew in the \
            background, at a pace that leaves most of the disk to its clients; without a broker this command does it and \
            ends when it is done. Interrupted, it goes on at the next start. The old keys stay in the keyring, because \
            earlier backups need them; latch key shred destroys keys.
            """
    )

    @OptionGroup var arguments: StoreArguments

    @Flag(help: "Also with a running broker, end when every old record has been sealed anew.")
    var wait = false

    func run() throws {
        // Nobody else goes on with it once this process has ended.
        let isRunning = try LocalSocket.isListening(in: arguments.store)
        try VerbRun(verb: RotateVerb(waits: wait || !isRunning), arguments: arguments).run()
    }
}
