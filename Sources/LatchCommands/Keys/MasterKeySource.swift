import Glibc

/// A place that a master key can come from.
enum MasterKeySource: Sendable, Equatable {
    /// A file with 32 bytes, or their base64 or hexadecimal form.
    case file(path: String)
    /// A shell command that prints the key (a KMS client, `pass`).
    case command(String)
    /// An environment variable with the key as base64 or hexadecimal.
    case environment(name: String)
    /// systemd's `LoadCredential=latch-key:…`.
    case credential(path: String)
    /// An environment variable with a passphrase, as the replaced deployment sets it.
    case passphrase(environment: String)
    /// A file with a passphrase, its line end left out.
    case passphraseFile(path: String)

    /// The variable that holds a key.
    static let keyVariable = "LATCH_KEY"
    /// The variable that gocryptfs deployments set.
    static let passphraseVariable = "GOCRYPT_PASSWORD"
    /// The name of the credential in `$CREDENTIALS_DIRECTORY`.
    static let credentialName = "latch-key"

    /// Finds the source: what the command line says, else the configuration, else the environment; `nil` if nothing is given.
    static func find(
        _ options: KeyOptions,
        configuredFile: String? = nil,
        configuredCommand: String? = nil,
        environment: (String) -> String?
    ) -> MasterKeySource? {
        if let key = options.key { return key }
        if let file = options.keyFile { return .file(path: file) }
        if let command = options.keyCommand { return .command(command) }
        if let configuredFile { return .file(path: configuredFile) }
        if let configuredCommand { return .command(configuredCommand) }
        if environment(keyVariable) != nil { return .environment(name: keyVariable) }
        if let directory = environment("CREDENTIALS_DIRECTORY"), access("\(directory)/\(credentialName)", R_OK) == 0 {
            return .credential(path: "\(directory)/\(credentialName)")
        }
        if environment(passphraseVariable) != nil { return .passphrase(environment: passphraseVariable) }
        return nil
    }

    /// The ways to give a key, for a message to someone who gave none.
    static let ways = """
        give it with --key-file FILE, --key-command COMMAND, the environment variable \(keyVariable) (base64 or \
        hexadecimal) or \(passphraseVariable) (a passphrase), a systemd credential named \(credentialName), or \
        master_key_file or master_key_command in the configuration
        """

    /// What to call the source in a log line; never a secret.
    var name: String {
        switch self {
        case .file(let path): path
        case .command: "the output of the key command"
        case .environment(let name): "$\(name)"
        case .credential(let path): path
        case .passphrase(let name): "the passphrase in $\(name)"
        case .passphraseFile(let path): "the passphrase in \(path)"
        }
    }
}
