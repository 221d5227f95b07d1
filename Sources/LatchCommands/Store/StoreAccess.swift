import Glibc
import RetainedStore

/// How a command opens a store: where it lies, and with which key.
struct StoreAccess {
    let directory: String
    let source: MasterKeySource?
    private let keys: KeyOptions
    private let command: String

    /// - Parameters:
    ///   - keys: what the command line says about the key.
    ///   - command: who asks, for the audit trail.
    ///   - environment: where else a key may be; last, the key file of `latch serve` without a configuration.
    init(_ directory: String, keys: KeyOptions, for command: String, environment: (String) -> String?) {
        self.directory = directory
        self.keys = keys
        self.command = command
        source = Self.keySource(of: directory, keys: keys, environment: environment)
    }

    /// Where the key of a store comes from: as `latch serve` finds it, its default key file included; `nil` if there is none.
    static func keySource(
        of directory: String,
        keys: KeyOptions,
        environment: (String) -> String?
    ) -> MasterKeySource? {
        if let source = MasterKeySource.find(keys, environment: environment) { return source }
        guard let places = try? DefaultPlaces(store: directory, key: nil, environment: environment),
            Directory.exists(places.key)
        else { return nil }
        return .file(path: places.key)
    }

    /// Runs `body`, which opens the store as whoever runs the command; whose it is, it stays.
    func keepingOwner<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let keyring = keys.keyring ?? source?.keyringPath(of: directory, isNew: false)
        let beside = [keyring, keyring.map { $0 + ".anchor" }].compactMap(\.self).reduce(into: [String: uid_t]()) {
            $0[$1] = FileFacts($1)?.owner
        }
        defer { StoreOwner.giveBack(directory, beside: beside) }
        return try body()
    }

    /// Whether there is a store.
    ///
    /// - Throws: ``CommandFailure`` where there are parts of one, without its header, and where nobody can look.
    static func exists(at directory: String) throws(CommandFailure) -> Bool {
        if Directory.exists(directory + "/latch.store") { return true }
        guard errno != EACCES else {
            throw CommandFailure(
                .inputOutput,
                "cannot look into \(directory): \(String(cString: strerror(EACCES))); run this as the store's owner, or as root"
            )
        }
        guard !Directory.exists(directory + "/backup") else {
            throw CommandFailure(
                .damagedStore,
                "\(directory) holds a backup that is not whole: make it again, which goes on with it"
            )
        }
        guard !Directory.exists(directory + "/journal"), !Directory.exists(directory + "/index") else {
            throw CommandFailure(
                .damagedStore,
                "the store \(directory) has lost its header: \(directory)/latch.store is missing; put it back from a backup"
            )
        }
        return false
    }

    /// Opens the store that is there.
    func open() throws(CommandFailure) -> RetainedStore {
        guard try Self.exists(at: directory) else { throw .missingStore(in: directory) }
        guard let source else { throw .missingKey(for: directory) }
        let key = try source.read()
        let trail = try CommandTrail(command, keys)
        return try trail.opening(directory, with: source) { () throws(StoreError) in
            try RetainedStore.open(options(source, isNew: false), masterKey: key)
        }
    }

    /// Creates a store where there is none.
    func create(limits: StoreLimits = StoreLimits()) throws(CommandFailure) -> RetainedStore {
        guard let source else {
            throw CommandFailure(.key, "no master key for the new store \(directory); \(MasterKeySource.ways)")
        }
        let key = try source.read()
        let trail = try CommandTrail(command, keys)
        // First, because the keyring's name is made of the path that the folder then has.
        try Directory.createParents(of: directory)
        var options = options(source, isNew: true)
        options.limits = limits
        return try trail.opening(directory, with: source, isNew: true) { () throws(StoreError) in
            try RetainedStore.create(options, masterKey: key)
        }
    }

    private func options(_ source: MasterKeySource, isNew: Bool) -> StoreOptions {
        let location = StoreLocation(
            directory: directory,
            keyring: keys.keyring ?? source.keyringPath(of: directory, isNew: isNew)
        )
        // Nobody waits for an acknowledgement of a single message: what is written is synced when the store is closed.
        return StoreOptions(location: location, sync: .none)
    }
}

extension CommandFailure {
    static func missingStore(in directory: String) -> CommandFailure {
        CommandFailure(.usage, "there is no store in \(directory): it would hold a file latch.store")
    }
}
