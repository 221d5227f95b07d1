import ArgumentParser
import Glibc

extension MasterKeySource: ExpressibleByArgument {
    /// The forms that an argument can have, for help texts.
    static let forms = """
        file:PATH, command:COMMAND, env:NAME, credential:NAME (of systemd), passphrase-file:PATH, or passphrase-env:NAME
        """

    /// Reads one of ``forms``, as OpenSSL's tools name theirs; `nil` for anything else.
    init?(argument: String) {
        guard let colon = argument.firstIndex(of: ":") else { return nil }
        let rest = String(argument[argument.index(after: colon)...])
        guard !rest.isEmpty else { return nil }
        switch argument[..<colon] {
        case "file": self = .file(path: rest)
        case "command": self = .command(rest)
        case "env": self = .environment(name: rest)
        case "credential":
            guard let directory = Environment.value("CREDENTIALS_DIRECTORY") else { return nil }
            self = .credential(path: directory + "/" + rest)
        case "passphrase-file": self = .passphraseFile(path: rest)
        case "passphrase-env": self = .passphrase(environment: rest)
        default: return nil
        }
    }
}
