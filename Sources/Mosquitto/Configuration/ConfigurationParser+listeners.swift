extension ConfigurationParser {
    /// The port of a listener that nobody gave one.
    private static let portDefault: UInt16 = 1883

    /// No line asks for a listener.
    var isLocalOnly: Bool {
        !Directive.listenerMakers.contains { configuration.sources[$0.rawValue] != nil }
    }

    /// The two listeners of a broker that only its own machine may reach, with the options of the default listener.
    var localDrafts: [ListenerDraft] {
        ["127.0.0.1", "::1"].map { host in
            var draft = defaultListener.map { drafts[$0] } ?? ListenerDraft(endpoint: Self.anywhere)
            draft.endpoint = .tcp(host: host, port: Self.portDefault)
            return draft
        }
    }

    private static var anywhere: MosquittoListener.Endpoint { .tcp(host: nil, port: portDefault) }

    /// `listener PORT [HOST]`, `listener 0 PATH`.
    mutating func addListener(_ line: inout DirectiveLine) throws(MosquittoFileError) {
        let port = try line.integer(0...Int(UInt16.max))
        let host = line.optionalWord().flatMap { $0.first == UInt8(ascii: "#") ? nil : $0 }
        let name = host.map { String(decoding: $0, as: UTF8.self) }
        let endpoint: MosquittoListener.Endpoint
        if port > 0 {
            endpoint = .tcp(host: name, port: UInt16(port))
        } else if let name {
            endpoint = .unix(path: name)
        } else {
            throw line.malformed("listener 0 needs the path of a Unix socket", remedy: "write listener 0 /PATH")
        }
        currentListener = drafts.count
        drafts.append(ListenerDraft(location: line.location, endpoint: endpoint))
    }

    /// `port`, the old spelling of a listener on every address.
    mutating func setDefaultPort(_ line: inout DirectiveLine) throws(MosquittoFileError) {
        let port = UInt16(try line.integer(1...Int(UInt16.max)))
        let index = useDefaultListener(line)
        drafts[index].location = line.location
        drafts[index].endpoint = .tcp(host: defaultHost, port: port)
    }

    /// `bind_address`, the address of the listener that `port` describes.
    mutating func setDefaultHost(_ line: inout DirectiveLine) throws(MosquittoFileError) {
        let host = try line.text()
        let index = useDefaultListener(line)
        if drafts[index].location == nil { drafts[index].location = line.location }
        guard case .tcp(_, let port) = drafts[index].endpoint else { return }
        drafts[index].endpoint = .tcp(host: host, port: port)
    }

    private var defaultHost: String? {
        guard let defaultListener, case .tcp(let host, _) = drafts[defaultListener].endpoint else { return nil }
        return host
    }

    private mutating func useDefaultListener(_ line: DirectiveLine) -> Int {
        let index = defaultListener ?? drafts.count
        if defaultListener == nil { drafts.append(ListenerDraft(endpoint: Self.anywhere)) }
        defaultListener = index
        currentListener = index
        return index
    }

    /// The listener that an option belongs to; in front of any listener that is the default one.
    mutating func listenerOrDefault(_ line: DirectiveLine) -> Int {
        if let currentListener { return currentListener }
        if defaultListener == nil {
            warn(line, "\(line.name) stands in front of any listener and belongs to the one on port 1883")
        }
        return useDefaultListener(line)
    }

    /// The listener that an option belongs to, where mosquitto insists that there is one.
    func requiredListener(_ line: DirectiveLine) throws(MosquittoFileError) -> Int {
        guard let currentListener else {
            throw line.malformed("\(line.name) belongs to a listener", remedy: "write it below a listener line")
        }
        return currentListener
    }

    /// Changes the security settings that a line belongs to: the global ones, or those of the last listener.
    mutating func changeSecurity(
        _ line: DirectiveLine,
        _ change: (inout ListenerDraft.Security) -> Void
    ) throws(MosquittoFileError) {
        if isPerListener {
            let index = try requiredListener(line)
            change(&drafts[index].security)
        } else {
            if firstSecurityLocation == nil { firstSecurityLocation = line.location }
            change(&global)
        }
    }

    /// `per_listener_settings`; once true it stays true.
    mutating func setPerListener(_ line: inout DirectiveLine) throws(MosquittoFileError) {
        let value = try line.boolean()
        if value, !isPerListener, let firstSecurityLocation {
            throw line.malformed(
                "per_listener_settings comes after a setting that it concerns, at \(firstSecurityLocation)",
                remedy: "write it in the first line of the file"
            )
        }
        isPerListener = isPerListener || value
    }

    /// A prefix of assigned client identifiers, which mosquitto limits to 50 bytes.
    static func clientIDPrefix(_ line: inout DirectiveLine) throws(MosquittoFileError) -> String {
        let prefix = try line.text()
        guard prefix.utf8.count <= 50 else {
            throw line.malformed("\(line.name) is longer than 50 bytes", remedy: "shorten it")
        }
        return prefix
    }
}
