import ArgumentParser
import Mosquitto

/// `latch doctor`: looks at a configuration, its files, its store and the machine, and says what to do.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check a configuration, a store and the machine, and say for each finding what to do.",
        discussion: """
            Changes nothing, apart from a small file beside the store that is written, synced and removed. Whether every \
            record of the store is sound is asked of latch verify.

            Exit codes: 0 no problems, though perhaps warnings, 1 command line, 2 problems.
            """
    )

    @Option(
        name: [.customShort("c"), .customLong("config-file")],
        help: "A mosquitto.conf; without it, what latch serve uses without one."
    )
    var configurationFile: String?

    @Option(help: "The store's directory; without -c only.")
    var store: String?

    @OptionGroup var keys: KeyOptions

    @Flag(help: "Print the findings as JSON.")
    var json = false

    func validate() throws {
        if configurationFile != nil, store != nil {
            throw ValidationError("--store goes without -c only: there persistence_location says where the store is")
        }
    }

    func run() throws {
        let findings = examine().sorted { ($0.severity, $0.subject) < ($1.severity, $1.subject) }
        print(json ? ReportJSON.text(findings) : findings.map(\.text).joined(separator: "\n"))
        let problems = findings.count { $0.severity == .problem }
        guard problems == 0 else {
            throw CommandFailure(.configuration, "\(problems) \(problems == 1 ? "problem" : "problems") found")
        }
    }

    private func examine() -> [Finding] {
        var findings = MachineCheck.findings()
        let settings: ServeSettings
        do throws(CommandFailure) {
            settings = try self.settings()
        } catch {
            return findings + [
                .problem("configuration", error.description, remedy: "latch serve does not start with it")
            ]
        }
        if let configurationFile {
            findings.append(.fine("configuration", "\(configurationFile) is in order"))
            findings += AccessCheck(settings).findings()
        }
        if case .directory(let directory) = settings.store {
            findings += StoreCheck(settings, directory: directory, keys: keys).findings()
            findings += DiskCheck(directory: directory, sync: settings.sync).findings()
        } else {
            findings.append(
                .warning(
                    "store",
                    "persistence is false: retained messages are gone when the broker ends",
                    remedy: "set persistence true and persistence_location"
                )
            )
        }
        return findings
    }

    private func settings() throws(CommandFailure) -> ServeSettings {
        guard let configurationFile else {
            return .local(
                places: try DefaultPlaces(store: store, key: keys.keyFile, environment: Environment.value),
                ports: []
            )
        }
        let file: MosquittoConfiguration
        do throws(MosquittoFileError) {
            file = try .read(path: configurationFile)
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
        return try ServeSettings(file, path: configurationFile, ports: [])
    }
}
