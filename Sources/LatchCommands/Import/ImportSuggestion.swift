/// The command line that brings in what an older deployment left, as a message gives it: to be copied and run.
enum ImportSuggestion {
    /// - Parameters:
    ///   - source: the file or directory that is to be imported.
    ///   - store: the store's directory.
    ///   - key: where the broker gets its key; what comes from the environment is there for this command too.
    ///   - keyring: the keyring's path, where one is configured.
    static func command(source: String, store: String, key: MasterKeySource?, keyring: String?) -> String {
        var words = ["latch", "import", source, "--into", store]
        switch key {
        case .file(let path): words += ["--key-file", path]
        case .command(let command): words += ["--key-command", command]
        case .credential(let path): words += ["--key-file", path]
        case .passphraseFile(let path): words += ["--key", "passphrase-file:" + path]
        case .environment, .passphrase, nil: break
        }
        if let keyring { words += ["--keyring", keyring] }
        return words.map(quoted).joined(separator: " ")
    }

    /// A word as a POSIX shell takes it for one.
    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "/._-+:@%".utf8.contains(byte)
            }
        return isPlain
            ? word
            : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
