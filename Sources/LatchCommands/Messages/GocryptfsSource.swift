import Glibc
import MQTTWire
import Mosquitto

/// Finds and decrypts the mosquitto.db in a gocryptfs directory, without FUSE.
///
/// Names stay encrypted: every file is tried, and its decrypted beginning tells what it is.
enum GocryptfsSource {
    static let configurationName = "gocryptfs.conf"

    private struct Candidate {
        let path: String
        let modifiedSeconds: UInt64
    }

    /// - Parameters:
    ///   - password: read when it is needed.
    ///   - isSalvage: as for ``DatabaseSource``.
    static func open(
        _ directory: String,
        password: Password,
        isSalvage: Bool
    ) throws(CommandFailure) -> DatabaseSource {
        let json = try FileContents.read("\(directory)/\(configurationName)")
        var unlocked: GocryptfsKey?
        do throws(GocryptfsError) {
            let configuration = try GocryptfsConfiguration(json: json)
            try password.withBytes { (password) throws(GocryptfsError) in
                unlocked = try GocryptfsKey(configuration, password: password)
            }
        } catch {
            throw failure(error, directory)
        }
        guard let key = unlocked.take() else { preconditionFailure("a key that is not made is thrown about") }
        var candidates: [Candidate] = []
        for path in Directory.files(below: directory) {
            guard path.split(separator: "/").last?.hasPrefix("gocryptfs.") == false else { continue }
            let start = try FileContents.prefix(18 + 32 + 4096, of: path)
            guard let beginning = try? key.decrypt(file: start).plaintext,
                beginning.starts(with: MosquittoDatabase.magic)
            else { continue }
            candidates.append(.init(path: path, modifiedSeconds: FileContents.modificationSeconds(of: path) ?? 0))
        }
        // mosquitto.db.new of an interrupted save may lie beside the file that it was to replace.
        candidates.sort { ($0.modifiedSeconds, $0.path) > ($1.modifiedSeconds, $1.path) }
        guard !candidates.isEmpty else {
            throw CommandFailure(
                .configuration,
                "\(directory) is a gocryptfs directory, and no file in it is a mosquitto.db: is it the right one?"
            )
        }
        var sources: [DatabaseSource] = []
        for candidate in candidates {
            sources.append(try source(candidate, key, isSalvage: isSalvage))
        }
        return sources.first { $0.damage.isEmpty } ?? sources[0]
    }

    private static func source(
        _ candidate: Candidate,
        _ key: borrowing GocryptfsKey,
        isSalvage: Bool
    ) throws(CommandFailure) -> DatabaseSource {
        let bytes = try FileContents.read(candidate.path)
        let decrypted: (plaintext: [UInt8], damagedBlock: UInt64?)
        do throws(GocryptfsError) {
            decrypted = try key.decrypt(file: bytes)
        } catch {
            throw failure(error, candidate.path)
        }
        return try DatabaseSource(
            bytes: decrypted.plaintext,
            place: candidate.path,
            modifiedSeconds: candidate.modifiedSeconds,
            isSalvage: isSalvage,
            damage: decrypted.damagedBlock.map { ["\(GocryptfsError.damagedBlock($0))"] } ?? []
        )
    }

    private static func failure(_ error: GocryptfsError, _ place: String) -> CommandFailure {
        switch error {
        case .wrongPassword:
            CommandFailure(
                .key,
                "\(error): \(place); give the one that gocryptfs was started with, with --password-file FILE or $\(MasterKeySource.passphraseVariable)"
            )
        case .configuration, .unsupported, .notAFile: CommandFailure(.configuration, "\(place): \(error)")
        case .damagedBlock: CommandFailure(.damagedStore, "\(place): \(error)")
        case .libcrypto: CommandFailure(.inputOutput, "\(place): \(error)")
        }
    }
}
