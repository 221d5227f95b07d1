/// Bytes as they would be noted beside the specification: hexadecimal pairs, 'text' in single quotes, and comments
/// from `//` to the end of the line.
///
///     10 10            // CONNECT, 16 bytes follow
///     00 04 'MQTT' 04  // 3.1.1
///
/// A transcript that cannot be read is an error of the test and traps.
struct Transcript: ExpressibleByStringLiteral, CustomStringConvertible, Sendable {
    let bytes: [UInt8]
    let description: String

    init(stringLiteral source: String) {
        var bytes: [UInt8] = []
        for line in source.split(separator: "\n") {
            var rest = line[...]
            while let first = rest.first {
                if first == " " {
                    rest.removeFirst()
                } else if rest.hasPrefix("//") {
                    break
                } else if first == "'" {
                    guard let end = rest.dropFirst().firstIndex(of: "'") else {
                        preconditionFailure("an open quote in: \(line)")
                    }
                    bytes += rest[rest.index(after: rest.startIndex)..<end].utf8
                    rest = rest[rest.index(after: end)...]
                } else {
                    guard rest.count >= 2, let byte = UInt8(rest.prefix(2), radix: 16) else {
                        preconditionFailure("no hexadecimal pair at: \(rest)")
                    }
                    bytes.append(byte)
                    rest = rest.dropFirst(2)
                }
            }
        }
        self.bytes = bytes
        description = source
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
        description = Transcript.hexadecimal(bytes)
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}
