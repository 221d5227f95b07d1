import MQTTWire

extension ConfigurationParser {
    /// A number above zero, or `nil` for the values that mean "no limit".
    static func limit(_ line: inout DirectiveLine) throws(MosquittoFileError) -> Int? {
        let number = try line.integer(Int(Int32.min)...Int(Int32.max))
        return number > 0 ? number : nil
    }

    /// `max_inflight_messages`, in which 0 and 65535 both mean what the protocol allows.
    static func inflightMessagesMax(_ line: inout DirectiveLine) throws(MosquittoFileError) -> UInt16? {
        let number = try line.integer(Int(Int32.min)...Int(UInt16.max))
        return (1..<Int(UInt16.max)).contains(number) ? UInt16(number) : nil
    }

    /// `protocol`; mosquitto 2.1 knows one more, which Latch does not speak.
    static func transport(_ line: inout DirectiveLine) throws(MosquittoFileError) -> MosquittoListener.Transport {
        var copy = line
        if copy.optionalWord()?.elementsEqual("http_api".utf8) == true {
            throw line.error(.unsupported, "protocol http_api is not supported", remedy: "remove this listener")
        }
        return try line.choice([("mqtt", .mqtt), ("websockets", .websockets)])
    }

    /// `accept_protocol_versions`: 3, 4 and 5, separated by commas or blanks.
    static func protocolVersions(_ line: inout DirectiveLine) throws(MosquittoFileError) -> Set<ProtocolVersion> {
        let text = try line.text()
        var versions: Set<ProtocolVersion> = []
        for word in text.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }) {
            guard let number = UInt8(word), let version = ProtocolVersion(rawValue: number) else {
                throw line.malformed(
                    "\(line.name) names '\(word)'",
                    remedy: "write some of 3 (MQTT 3.1), 4 (3.1.1) and 5, with commas between them"
                )
            }
            versions.insert(version)
        }
        return versions
    }

    /// `mount_point`: what stands in front of the topics, a topic itself.
    static func mountPoint(_ line: inout DirectiveLine) throws(MosquittoFileError) -> [UInt8] {
        let text = try line.text()
        guard (try? TopicName(text)) != nil else {
            throw line.malformed("\(line.name) is no topic name", remedy: "write one without + and #")
        }
        return Array(text.utf8)
    }

    /// A whole number with a unit, `14d` for instance, in seconds; a month has 30 days and a year 365, as in mosquitto.
    static func duration(_ line: inout DirectiveLine) throws(MosquittoFileError) -> Int {
        let word = try line.word()
        let units: [(letter: Character, seconds: Int)] = [
            ("s", 1), ("h", 3600), ("d", 86_400), ("w", 604_800), ("m", 2_592_000), ("y", 31_536_000),
        ]
        let unit = units.first { $0.letter.asciiValue == word.last }
        guard let unit, let count = DirectiveLine.integer(word.dropLast()), count > 0 else {
            throw line.malformed(
                "\(line.name) is '\(word.printable)' and not a duration",
                remedy: "write a number above 0 and one of s, h, d, w, m, y"
            )
        }
        return count * unit.seconds
    }

    /// `log_dest`: the lines add up, and `none` begins anew.
    mutating func addLogDestination(_ line: inout DirectiveLine) throws(MosquittoFileError) {
        let isFirst = !hasLogDestination
        hasLogDestination = true
        if isFirst { configuration.log.destinations = [] }
        let word = try line.word()
        switch String(decoding: word, as: UTF8.self) {
        case "none": configuration.log.destinations = []
        case "stdout": addLogDestination(.stdout)
        case "stderr": addLogDestination(.stderr)
        case "syslog": addLogDestination(.syslog)
        case "file": try addLogFile(&line)
        case "topic": ignore(line, "the log is not published as messages")
        case "dlt": ignore(line, "the log is not sent to the DLT daemon")
        default:
            throw line.malformed(
                "log_dest cannot be '\(word.printable)'",
                remedy: "write one of none, stdout, stderr, syslog, file PATH"
            )
        }
    }

    private mutating func addLogDestination(_ destination: LogSettings.Destination) {
        if !configuration.log.destinations.contains(destination) { configuration.log.destinations.append(destination) }
    }

    private mutating func addLogFile(_ line: inout DirectiveLine) throws(MosquittoFileError) {
        for case .file(let other) in configuration.log.destinations {
            throw line.malformed("a log file is already named at \(other.location)", remedy: "keep one of the lines")
        }
        addLogDestination(.file(try line.file()))
    }

    /// `audit_dest`: none, log, or file and a path.
    static func auditDestination(
        _ line: inout DirectiveLine
    ) throws(MosquittoFileError) -> AuditSettings.Destination {
        let word = try line.word()
        switch String(decoding: word, as: UTF8.self) {
        case "none": return .none
        case "log": return .log
        case "file": return .file(try line.file())
        default:
            throw line.malformed(
                "audit_dest cannot be '\(word.printable)'",
                remedy: "write one of none, log, file PATH"
            )
        }
    }

    /// `log_type`: the lines add up, `none` begins anew and `all` needs no other.
    mutating func addLogType(_ line: inout DirectiveLine) throws(MosquittoFileError) {
        let types: LogSettings.Types = try line.choice([
            ("error", .error), ("warning", .warning), ("notice", .notice), ("information", .information),
            ("debug", .debug), ("subscribe", .subscribe), ("unsubscribe", .unsubscribe),
            ("websockets", .websockets), ("internal", .internal), ("none", []), ("all", .all),
        ])
        let isFirst = !hasLogType
        hasLogType = true
        if types.isEmpty || isFirst {
            configuration.log.types = types
        } else {
            configuration.log.types.formUnion(types)
        }
    }
}
