import NIOCore

/// What a proxy says in front of the first byte of its client: the PROXY protocol, versions 1 and 2 (haproxy.org, proxy-protocol.txt).
enum ProxyHeader: Equatable {
    /// The proxy passes on a client.
    case client(InternetAddress, port: Int)
    /// The proxy speaks for itself (`LOCAL`, a health check), or about a kind of address that has no name here (`UNKNOWN`).
    case proxyItself

    /// Which version a listener expects.
    enum Version: Int, Sendable {
        case text = 1
        case binary = 2
    }

    /// What has been read so far.
    enum Reading: Equatable {
        /// More bytes are needed.
        case incomplete
        /// The header, and how many bytes it had.
        case complete(ProxyHeader, byteCount: Int)
        /// This is no header of the version.
        case malformed
    }

    /// The longest line of version 1, its end included (2.1).
    private static let textBytesMax = 107
    /// The longest header of version 2 that is taken: addresses and a few hundred bytes of extensions.
    private static let binaryBytesMax = 16 + 1024

    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// Reads the header in front of `bytes`.
    static func read(_ bytes: ByteBufferView, _ version: Version) -> Reading {
        switch version {
        case .text: readText(bytes)
        case .binary: readBinary(Array(bytes.prefix(binaryBytesMax)))
        }
    }

    private static func readText(_ bytes: ByteBufferView) -> Reading {
        let head = bytes.prefix(textBytesMax)
        guard let end = head.firstIndex(of: UInt8(ascii: "\n")) else {
            let isPossible = head.count < textBytesMax && "PROXY ".utf8.starts(with: head.prefix(6))
            return isPossible ? .incomplete : .malformed
        }
        let line = head[..<end]
        guard line.last == UInt8(ascii: "\r") else { return .malformed }
        let words = String(decoding: line.dropLast(), as: UTF8.self).split(
            separator: " ",
            omittingEmptySubsequences: false
        )
        let byteCount = line.count + 1
        guard words.count >= 2, words[0] == "PROXY" else { return .malformed }
        if words[1] == "UNKNOWN" { return .complete(.proxyItself, byteCount: byteCount) }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6", let source = InternetAddress(words[2]),
            InternetAddress(words[3]) != nil, let port = UInt16(words[4]), UInt16(words[5]) != nil,
            words[2].contains(":") == (words[1] == "TCP6")
        else { return .malformed }
        return .complete(.client(source, port: Int(port)), byteCount: byteCount)
    }

    private static func readBinary(_ bytes: [UInt8]) -> Reading {
        guard signature.starts(with: bytes.prefix(signature.count)) else { return .malformed }
        guard bytes.count >= 16 else { return .incomplete }
        guard bytes[12] >> 4 == 2, bytes[12] & 0x0F <= 1 else { return .malformed }
        let addressBytes = Int(bytes[14]) << 8 | Int(bytes[15])
        let byteCount = 16 + addressBytes
        guard byteCount <= binaryBytesMax else { return .malformed }
        guard bytes.count >= byteCount else { return .incomplete }
        // LOCAL: whatever stands there is not looked at (2.2).
        guard bytes[12] & 0x0F == 1 else { return .complete(.proxyItself, byteCount: byteCount) }
        let size: Int
        switch bytes[13] {
        case 0x11: size = 4
        case 0x21: size = 16
        default: return .complete(.proxyItself, byteCount: byteCount)
        }
        guard addressBytes >= 2 * size + 4 else { return .malformed }
        let source = InternetAddress(bytes: Array(bytes[16..<16 + size]))
        let port = Int(bytes[16 + 2 * size]) << 8 | Int(bytes[17 + 2 * size])
        return .complete(.client(source, port: port), byteCount: byteCount)
    }
}
