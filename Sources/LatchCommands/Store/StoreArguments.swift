import ArgumentParser
import Glibc
import RetainedStore

/// What the commands that look into a store are told: which one, and with which key.
struct StoreArguments: ParsableArguments {
    @Argument(help: "The store's directory: with a mosquitto.conf, the folder latch in persistence_location.")
    var store: String

    @OptionGroup var keys: KeyOptions

    @Flag(help: "Print the report as JSON.")
    var json = false

    /// Where the key comes from (``StoreAccess/keySource(of:keys:environment:)``).
    func keySource(environment: (String) -> String?) -> MasterKeySource? {
        StoreAccess.keySource(of: store, keys: keys, environment: environment)
    }

    /// Where the store and its keyring are.
    ///
    /// - Throws: ``CommandFailure`` where there is no store.
    func location(_ source: MasterKeySource?) throws(CommandFailure) -> StoreLocation {
        var location = try Self.existingLocation(store)
        location.keyring = keys.keyring ?? source?.keyringPath(of: store, isNew: false)
        return location
    }

    /// Where a store is, for what does without its keys.
    ///
    /// - Throws: ``CommandFailure`` where there is no store.
    static func existingLocation(_ store: String) throws(CommandFailure) -> StoreLocation {
        guard try StoreAccess.exists(at: store) else { throw .missingStore(in: store) }
        return StoreLocation(directory: store)
    }

    /// Seconds since 1970.
    static var nowSeconds: UInt64 { UInt64(clamping: time(nil)) }

    /// Prints a report, and ends with the status that it deserves.
    func finish(_ report: StoreReport) throws(CommandFailure) {
        print(json ? ReportJSON.text(report) : report.text)
        guard report.damagedPlaces == 0 else {
            throw CommandFailure(
                .damagedStore,
                """
                the store \(store) is damaged in \(report.damagedPlaces) \(report.damagedPlaces == 1 ? "place" : "places") \
                (\(report.damage.first?.file ?? store)): keep a copy of it as it is, and restore a backup, or save what opens with \
                \(CommandFailure.salvaging(store))
                """
            )
        }
    }
}
