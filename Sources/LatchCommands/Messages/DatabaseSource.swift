import Mosquitto

/// The retained messages of a mosquitto.db, wherever its bytes came from.
struct DatabaseSource: MessageSource {
    private static let namedTopicsMax = 20

    let name: String
    let damage: [String]
    let notes: [String]
    private let database: MosquittoDatabase
    private let isSalvage: Bool
    private let publishTimeMilliseconds: UInt64

    /// - Parameters:
    ///   - place: what to call the file.
    ///   - modifiedSeconds: when it was saved: the messages are no younger, and nothing else is known of their time.
    ///   - isSalvage: whether messages that have lost their mark are taken for retained.
    ///   - damage: what is known to be damaged before the bytes are looked at.
    init(
        bytes: [UInt8],
        place: String,
        modifiedSeconds: UInt64?,
        isSalvage: Bool,
        damage: [String] = []
    ) throws(CommandFailure) {
        do throws(DatabaseError) {
            database = try MosquittoDatabase(bytes: bytes)
        } catch {
            throw CommandFailure(.configuration, "\(place) cannot be imported: \(error)")
        }
        name = "mosquitto.db version \(database.version), \(place)"
        publishTimeMilliseconds = (modifiedSeconds ?? 0) * 1000
        self.isSalvage = isSalvage
        var findings = damage + database.damage.map { "\($0)" }
        if database.damageCount > database.damage.count {
            findings.append("and \(database.damageCount - database.damage.count) more places")
        }
        let lost = "\(database.unmarkedCount) messages with the retain flag but without a retain mark"
        if database.unmarkedCount == 0 {
            notes = []
        } else if findings.isEmpty {
            notes = [
                "\(lost): copies in queues of what was replaced or cleared since; left out unless --salvage is given"
            ]
        } else {
            notes = []
            let outcome = isSalvage ? "taken for retained" : "--salvage takes them for retained"
            findings.append(
                "\(lost), which the damage may have taken: \(outcome): \(Self.names(database.unmarkedTopics))"
            )
        }
        self.damage = findings
    }

    /// The topics that have lost their mark, as many of them as a person reads.
    private static func names(_ topics: [[UInt8]]) -> String {
        let named = topics.prefix(namedTopicsMax).map { TerminalText.printable(String(decoding: $0, as: UTF8.self)) }
        let rest = topics.count - named.count
        return named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    func forEach(_ body: (SourceItem) throws(CommandFailure) -> Void) throws(CommandFailure) {
        try database.forEach(includingUnmarked: isSalvage) { (result) throws(CommandFailure) in
            switch result {
            case .success(var message):
                message.publishTimeMilliseconds = publishTimeMilliseconds
                try body(.message(message))
            case .failure(let damage):
                try body(.unreadable("\(damage)"))
            }
        }
    }
}
