import MQTTProtocol

/// Reads an `aclfile` line by line.
struct AccessControlParser {
    /// How many separators a filter may hold, as in mosquitto.
    private static let separatorsMax = 200

    private(set) var rules: [AccessRule] = []
    private(set) var warnings: [MosquittoFileWarning] = []
    private var subject = AccessRule.Subject.anonymous

    init() {}

    mutating func read(_ line: TextFile.Line) throws(MosquittoFileError) {
        if line.bytes.first == UInt8(ascii: "#") { return }
        var rest = line.bytes.trimmedAtEnd
        guard let keyword = rest.takeWord() else { return }
        switch String(decoding: keyword, as: UTF8.self) {
        case "user":
            subject = .user(try userName(rest, line))
        case "topic":
            try addRule(for: subject, rest, line)
        case "pattern":
            try addRule(for: .everybody, rest, line)
        default:
            throw MosquittoFileError(
                .malformed,
                at: line.location,
                "the line begins with none of the words of an access control list",
                remedy: keyword.contains(UInt8(ascii: "\t"))
                    ? "separate words with spaces, not with tabs" : "begin it with user, topic, pattern or #"
            )
        }
    }

    private func userName(_ rest: ArraySlice<UInt8>, _ line: TextFile.Line) throws(MosquittoFileError) -> [UInt8] {
        let name = rest.trimmed
        guard !name.isEmpty else {
            throw MosquittoFileError(.malformed, at: line.location, "user has no name", remedy: "write user NAME")
        }
        return Array(name)
    }

    private mutating func addRule(
        for subject: AccessRule.Subject,
        _ rest: ArraySlice<UInt8>,
        _ line: TextFile.Line
    ) throws(MosquittoFileError) {
        var rest = rest
        guard let first = rest.takeWord() else {
            throw MosquittoFileError(
                .malformed,
                at: line.location,
                "the line names no topic filter",
                remedy: "write topic readwrite FILTER"
            )
        }
        let permission: AccessRule.Permission
        let filter: ArraySlice<UInt8>
        // A single word is the filter, even if it reads like a permission.
        if rest.trimmed.isEmpty {
            permission = .readWrite
            filter = first
        } else {
            permission = try Self.permission(first, line)
            filter = rest.trimmed
        }
        try check(filter, line)
        warnAboutFilter(filter, isAlone: rest.trimmed.isEmpty, subject: subject, line)
        rules.append(
            AccessRule(subject: subject, permission: permission, filter: Array(filter), line: line.location.line)
        )
    }

    private static func permission(
        _ word: ArraySlice<UInt8>,
        _ line: TextFile.Line
    ) throws(MosquittoFileError) -> AccessRule.Permission {
        guard let permission = permissions[String(decoding: word, as: UTF8.self)] else {
            throw MosquittoFileError(
                .malformed,
                at: line.location,
                "the word in front of the topic filter is no access",
                remedy: "write read, write, readwrite or deny in front of the filter"
            )
        }
        return permission
    }

    private static let permissions: [String: AccessRule.Permission] = [
        "read": .read, "write": .write, "readwrite": .readWrite, "deny": .deny,
    ]

    private func check(_ filter: ArraySlice<UInt8>, _ line: TextFile.Line) throws(MosquittoFileError) {
        let levels = filter.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let hash = UInt8(ascii: "#")
        let plus = UInt8(ascii: "+")
        for (index, level) in levels.enumerated() where level.contains(hash) || level.contains(plus) {
            guard level.count == 1, level.first == plus || index == levels.count - 1 else {
                throw MosquittoFileError(
                    .malformed,
                    at: line.location,
                    "the topic filter is not valid",
                    remedy: "+ and # stand for whole levels, and # only for the last"
                )
            }
        }
        guard filter.count <= Int(UInt16.max), levels.count <= Self.separatorsMax + 1 else {
            throw MosquittoFileError(
                .malformed,
                at: line.location,
                "the topic filter is too long",
                remedy: "keep it below 65536 bytes and \(Self.separatorsMax + 1) levels"
            )
        }
    }

    private mutating func warnAboutFilter(
        _ filter: ArraySlice<UInt8>,
        isAlone: Bool,
        subject: AccessRule.Subject,
        _ line: TextFile.Line
    ) {
        if isAlone, Self.permissions[String(decoding: filter, as: UTF8.self)] != nil {
            warn(line, "a single word is a topic filter: this grants reading and writing of a topic of that name")
        }
        let levels = filter.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let names = [Array("%u".utf8), Array("%c".utf8)]
        let hasName = levels.contains { level in names.contains { level == $0[...] } }
        let mentionsName = names.contains { name in filter.indices.contains { filter[$0...].starts(with: name) } }
        switch subject {
        case .everybody where !mentionsName:
            warn(line, "the pattern holds neither %u nor %c and is the same for everybody")
        case .everybody where !hasName:
            warn(line, "%u and %c stand for whole levels only; here they are literal text")
        case .user, .anonymous:
            if hasName { warn(line, "%u and %c have no meaning in a topic line; write pattern instead") }
        case .everybody:
            break
        }
    }

    private mutating func warn(_ line: TextFile.Line, _ message: String) {
        warnings.append(MosquittoFileWarning(at: line.location, message))
    }
}
