import ArgumentParser
import RetainedStore

/// `latch key init`: a new master key in a file.
struct KeyInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new master key and write it to a file that only its owner can read.",
        discussion: "Whoever loses it loses what is sealed under it. An existing file is never overwritten."
    )

    @Argument(help: "The file, which must not exist.")
    var file: String

    func run() throws {
        try ProcessProtection.beforeKeys()
        let key = try NewKeyFile.create(at: file)
        print("wrote the master key \(file), fingerprint \(key.fingerprint ?? "")")
    }
}
