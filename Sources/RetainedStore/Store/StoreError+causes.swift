extension StoreError {
    /// Damage in a file, its expectation and its finding as text.
    static func damaged<Value>(
        _ file: String,
        at offset: Int,
        _ field: String,
        expected: Value,
        found: Value
    ) -> StoreError {
        .damaged(
            Damage(file: file, offset: UInt64(offset), field: field, expected: "\(expected)", found: "\(found)")
        )
    }
}

extension StoreError {
    /// Calls `body` and wraps what the machine refuses while nothing is being written.
    static func whileReading<Result>(_ body: () throws(EnvironmentError) -> Result) throws(StoreError) -> Result {
        do throws(EnvironmentError) {
            return try body()
        } catch {
            throw .environment(error)
        }
    }
}

extension StoreError {
    /// Calls `body`, which may need new data keys, and wraps what the machine refuses.
    static func whileMakingKeys<Result>(_ body: () throws(EnvironmentError) -> Result) throws(StoreError) -> Result {
        do throws(EnvironmentError) {
            return try body()
        } catch {
            throw StoreError(makingKeys: error)
        }
    }

    /// Why there is no new data key.
    init(makingKeys error: EnvironmentError) {
        self = error.isOutOfSpace ? .full(.keyring) : .environment(error)
    }
}

extension StoreError {
    /// A cipher that computes MACs.
    static func cipher(_ key: SecretBytes) throws(StoreError) -> AESCMAC {
        do throws(EnvironmentError) {
            return try AESCMAC(key: key)
        } catch {
            throw .environment(error)
        }
    }
}

extension StoreError {
    init(_ error: StoreHeaderError, directory: String) {
        self =
            switch error {
            case .missing: .missing(directory: directory)
            case .damaged(let damage): .damaged(damage)
            case .environment(let error): .environment(error)
            case .notAStore, .unknownVersion, .unknownFeatures, .unknownSlotKind, .scryptBeyondLimits, .wrongKey,
                .wrongPassphrase, .slotExists, .noSlot, .onlySlot, .noFreeSlot:
                .header(error)
            }
    }

    init(_ error: KeyringError) {
        self =
            switch error {
            case .damaged(let damage): .damaged(damage)
            case .environment(let error): .environment(error)
            case .missing, .alreadyExists, .notAKeyring, .unknownVersion, .unknownFeatures, .belongsToAnotherStore:
                .keyring(error)
            }
    }

    /// Why sealed bytes in a file did not become a message.
    init(_ error: EnvelopeError, file: String, offset: Int) {
        func damaged(_ field: String, _ expected: String, _ found: String) -> StoreError {
            .damaged(Damage(file: file, offset: UInt64(offset), field: field, expected: expected, found: found))
        }
        self =
            switch error {
            case .unknownKey(let id): damaged("data-key id", "a key of the keyring", id.hexadecimal)
            case .tooShort(let found): damaged("sealed bytes", "an envelope", "\(found) bytes")
            case .notAuthentic: damaged("envelope", "its own tag", "another")
            case .unknownPlaintextVersion(let version): .unsupported(file: file, what: "plaintext version \(version)")
            case .malformed(let field, let place):
                damaged("\(field) at \(place) of an envelope", "a valid one", "another")
            case .environment(let error): .environment(error)
            }
    }
}
