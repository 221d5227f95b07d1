import ArgumentParser
import Mosquitto

/// The options by which every command that opens a store is told its key.
struct KeyOptions: ParsableArguments {
    @Option(help: "Where the master key comes from: \(MasterKeySource.forms).")
    var key: MasterKeySource?

    @Option(help: "A file with the master key: 32 bytes, or base64 or hexadecimal.")
    var keyFile: String?

    @Option(help: "A shell command that prints the master key.")
    var keyCommand: String?

    @Option(help: "The keyring's file, where it is neither beside the master key nor in the store.")
    var keyring: String?

    @Option(
        help: "A file to which a line is added for each use of the key and for what is done with it."
    )
    var audit: String?

    @Option(
        help: ArgumentHelp("The form of its lines.", valueName: "text|json"),
        transform: { (word: String) throws -> AuditSettings.Format in
            guard let format = AuditSettings.Format(rawValue: word) else {
                throw ValidationError("\"\(word)\" is neither text nor json")
            }
            return format
        }
    )
    var auditFormat = AuditSettings.Format.text

    func validate() throws {
        if [key != nil, keyFile != nil, keyCommand != nil].count(where: \.self) > 1 {
            throw ValidationError("--key, --key-file and --key-command exclude each other")
        }
    }
}
