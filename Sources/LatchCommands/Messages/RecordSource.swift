/// Messages in NDJSON, one ``MessageRecord`` a line; empty lines are passed over.
struct RecordSource: MessageSource {
    let name: String
    let damage: [String] = []
    let notes: [String] = []
    private let bytes: [UInt8]

    init(bytes: [UInt8], place: String) {
        name = "NDJSON, \(place)"
        self.bytes = bytes
    }

    func forEach(_ body: (SourceItem) throws(CommandFailure) -> Void) throws(CommandFailure) {
        var number = 0
        var rest = bytes[...]
        while !rest.isEmpty {
            number += 1
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") }) {
                continue
            }
            if let message = MessageRecord(line: line)?.message {
                try body(.message(message))
            } else {
                try body(.unreadable("line \(number): no record of a message"))
            }
        }
    }
}
