import BrokerTesting

/// One step of a ``PacketTranscript``.
struct TranscriptStep {
    enum Action {
        case sends([UInt8])
        /// `nil` stands for any byte.
        case gets([UInt8?])
        case getsNothingMore
        case isClosed
        case drops
    }

    let client: String
    let action: Action

    init(_ sentence: String) throws {
        let words = sentence.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count > 1 else { throw ClientFailure.unexpected("the step \(sentence)") }
        client = words[0]
        switch (words[1], words.count > 2 ? words[2] : "") {
        case ("sends", let bytes): action = .sends(try Self.bytes(bytes).compactMap(\.self))
        case ("gets", "nothing more"): action = .getsNothingMore
        case ("gets", let bytes): action = .gets(try Self.bytes(bytes))
        case ("is", "closed"): action = .isClosed
        case ("drops", ""): action = .drops
        default: throw ClientFailure.unexpected("the step \(sentence)")
        }
    }

    private static func bytes(_ text: String) throws -> [UInt8?] {
        var bytes: [UInt8?] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first == " " {
                rest.removeFirst()
            } else if first == "'", let end = rest.dropFirst().firstIndex(of: "'") {
                bytes += rest.dropFirst()[..<end].utf8.map { $0 }
                rest = rest[rest.index(after: end)...]
            } else if rest.hasPrefix("??") {
                bytes.append(nil)
                rest = rest.dropFirst(2)
            } else if let byte = UInt8(rest.prefix(2), radix: 16) {
                bytes.append(byte)
                rest = rest.dropFirst(2)
            } else {
                throw ClientFailure.unexpected("\(rest) is neither a byte nor text")
            }
        }
        return bytes
    }
}
