import ArgumentParser
import RetainedStore

/// `latch key show`: which keys open a store. Fingerprints only, which tell nothing about a key.
struct KeyShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "List the key slots of a store by fingerprint, and say which of them the key at hand opens."
    )

    @OptionGroup var arguments: StoreArguments

    func run() throws {
        try ProcessProtection.beforeKeys()
        let source = arguments.keySource(environment: Environment.value)
        let location = try arguments.location(source)
        do throws(StoreError) {
            let slots = try RetainedStore.keySlots(at: location)
            let fingerprint = try? source?.read().fingerprint
            let report = KeySlotsReport(slots, fingerprint: fingerprint, location)
            print(arguments.json ? ReportJSON.text(report) : report.text)
        } catch {
            throw CommandFailure(error, key: nil)
        }
    }
}
