import Mosquitto

extension ServeSettings {
    /// What an open door means: names that nobody checks decide who reads what. `nil` where none is open.
    ///
    /// A configuration without listeners is for this machine only and says nothing about users: no door, no rules.
    var nameWarning: String? {
        guard configurationFile != nil else { return nil }
        let open = listeners.filter { listener in
            let security = listener.security
            guard security.allowsAnonymous, security.passwordFile == nil, security.tokens == nil else { return false }
            return security.accessControlFile != nil || !listener.isForThisMachineOnly
        }
        if open.isEmpty { return nil }
        var places: [String] = []
        for listener in open where !places.contains(listener.endpoint.place) { places.append(listener.endpoint.place) }
        return """
            allow_anonymous true without a password_file on \(places.joined(separator: ", ")): every client is taken at its \
            word about its user name, so whoever gets there can read and write as any user; add a password_file, or let only \
            a trusted proxy reach it
            """
    }
}

extension MosquittoListener {
    var isForThisMachineOnly: Bool {
        switch endpoint {
        case .unix: true
        case .tcp(let host, _): host == "127.0.0.1" || host == "::1" || host == "localhost"
        }
    }
}

extension MosquittoListener.Endpoint {
    fileprivate var place: String {
        switch self {
        case .unix(let path): path
        case .tcp(_, let port): "port \(port)"
        }
    }
}
