import Glibc
import RetainedStore

/// The store's files, its key and its keyring: whose they are, and who else can read them.
struct StoreCheck {
    private let settings: ServeSettings
    private let directory: String
    private let source: MasterKeySource?
    private let keyring: String?

    init(_ settings: ServeSettings, directory: String, keys: KeyOptions) {
        self.settings = settings
        self.directory = directory
        source =
            MasterKeySource.find(
                keys,
                configuredFile: settings.configurationFile == nil ? nil : settings.masterKeyFile,
                configuredCommand: settings.masterKeyCommand,
                environment: Environment.value
            ) ?? (settings.mayGenerateKey ? settings.masterKeyFile.map { .file(path: $0) } : nil)
        keyring = keys.keyring ?? settings.keyringPath
    }

    func findings() -> [Finding] {
        guard Directory.exists(directory + "/latch.store") else { return leftovers(isStoreThere: false) + noStore() }
        return ownership() + keyFindings() + leftovers(isStoreThere: true)
    }

    private func noStore() -> [Finding] {
        let parent = Directory.parent(of: directory)
        if let facts = FileFacts(parent), facts.owner != account, account != 0 {
            return [
                .problem(
                    "store",
                    "there is no store yet, and \(parent) belongs to \(FileFacts.name(of: facts.owner))",
                    remedy: "chown \(FileFacts.name(of: account)) \(parent)"
                )
            ]
        }
        return [.fine("store", "there is none in \(directory) yet; latch serve makes it")]
    }

    /// The account that the broker runs as.
    private var account: uid_t {
        guard geteuid() == 0, let user = settings.user else { return geteuid() }
        return getpwnam(user).map(\.pointee.pw_uid) ?? geteuid()
    }

    private func ownership() -> [Finding] {
        var findings: [Finding] = []
        if let facts = FileFacts(directory), facts.mode & 0o077 != 0 {
            findings.append(
                .problem("store", "\(directory) has mode \(facts.modeText)", remedy: "chmod 0700 \(directory)")
            )
        }
        let foreign = Directory.files(below: directory).first { FileFacts($0)?.owner != account }
        if let foreign, let owner = FileFacts(foreign)?.owner {
            findings.append(
                .problem(
                    "store",
                    "\(foreign) belongs to \(FileFacts.name(of: owner)), and the broker runs as \(FileFacts.name(of: account))",
                    remedy: "chown -R \(FileFacts.name(of: account)) \(directory)"
                )
            )
        }
        return findings.isEmpty ? [.fine("store", "\(directory) is for \(FileFacts.name(of: account)) only")] : findings
    }

    private func keyFindings() -> [Finding] {
        guard let source else {
            return [
                .problem(
                    "key",
                    CommandFailure.missingKey(for: directory).description,
                    remedy: "give it as the broker gets it"
                )
            ]
        }
        var findings: [Finding] = []
        if case .file(let path) = source { findings += keyFile(path) }
        if case .environment(let name) = source {
            findings.append(
                .warning(
                    "key",
                    "it is in the environment, which every program of the account can read in /proc",
                    remedy: "put $\(name) into a file of mode 0600 or a systemd credential"
                )
            )
        }
        do throws(CommandFailure) {
            try ProcessProtection.beforeKeys()
            let key = try source.read()
            let slots = try CommandFailure.ofStore { () throws(StoreError) in
                try RetainedStore.keySlots(at: StoreLocation(directory: directory))
            }
            // A passphrase is tried by opening the store only: its key takes a fifth of a second and cannot be compared.
            if let fingerprint = key.fingerprint, !slots.contains(where: { $0.fingerprint == fingerprint }) {
                findings.append(
                    .problem(
                        "key",
                        "\(source.name) has the fingerprint \(fingerprint), and the store wants \(slots.map(\.description).joined(separator: " or "))",
                        remedy: "find the key that the store was made with"
                    )
                )
            }
        } catch {
            findings.append(.problem("key", error.description, remedy: "give it as the broker gets it"))
        }
        return findings.isEmpty ? [.fine("key", "from \(source.name)")] : findings
    }

    private func keyFile(_ path: String) -> [Finding] {
        var findings: [Finding] = []
        if let facts = FileFacts(path), facts.mode & 0o077 != 0 {
            findings.append(
                .problem("key", "\(path) has mode \(facts.modeText)", remedy: "chmod 0600 \(path)")
            )
        }
        let storeParent = Directory.absolute(Directory.parent(of: directory)) + "/"
        if (Directory.absolute(path)).hasPrefix(storeParent) {
            findings.append(
                .problem(
                    "key",
                    "\(path) lies next to the store: whoever copies one copies both",
                    remedy:
                        "move it to another directory, best to another disk, and name it with master_key_file or --key-file"
                )
            )
        }
        return findings
    }

    /// What the deployment before left, in clear or under one key for everybody.
    private func leftovers(isStoreThere: Bool) -> [Finding] {
        guard settings.configurationFile != nil else { return [] }
        let location = Directory.parent(of: directory)
        return ["mosquitto.db", "gocryptfs.conf"].filter { Directory.exists("\(location)/\($0)") }.map { name in
            guard isStoreThere else {
                let command = ImportSuggestion.command(
                    source: name == "mosquitto.db" ? "\(location)/\(name)" : location,
                    store: directory,
                    key: source,
                    keyring: keyring
                )
                return .problem(
                    "moving",
                    "\(location)/\(name) has not been imported: latch serve does not start",
                    remedy: command
                )
            }
            return .warning(
                "moving",
                "\(location)/\(name) is still there: it holds old messages\(name == "mosquitto.db" ? " in clear" : "")",
                remedy: "remove it when nothing is missed and nobody wants to move back"
            )
        }
    }
}
