/// What mosquitto can do and Latch cannot yet, where silence would change who may do what, or how messages travel.
enum UnsupportedFeature: Sendable {
    case tls13Ciphers
    case tlsEngines
    case preSharedKeys
    case plugins
    case bridges
    case userNameAsClientID
    case proxyProtocol
    case networkInterfaces
    case httpFiles
    case controlAPI
    case memoryLimits

    /// What the directive would do, as the subject of "is not supported".
    var name: String {
        switch self {
        case .tls13Ciphers: "choosing the cipher suites of TLS 1.3, of which the TLS library always offers its three,"
        case .tlsEngines: "keeping a listener's key in an engine of OpenSSL"
        case .preSharedKeys: "TLS with pre-shared keys"
        case .plugins: "loading plugins"
        case .bridges: "bridging to another broker"
        case .userNameAsClientID: "replacing client identifiers by user names"
        case .proxyProtocol: "insisting that clients came to the proxy with TLS"
        case .networkInterfaces: "binding a listener to a network interface"
        case .httpFiles: "serving files over HTTP"
        case .controlAPI: "the control API"
        case .memoryLimits: "a limit on memory"
        }
    }

    /// What to do instead.
    var remedy: String {
        switch self {
        case .tls13Ciphers:
            "remove the line"
        case .tlsEngines:
            "name a key in a PEM file with keyfile, or end TLS in front of Latch, and remove the line"
        case .preSharedKeys:
            "give clients certificates or passwords and remove the line"
        case .plugins:
            "use acl_file and password_file and remove the line"
        case .bridges:
            "run the bridge in another broker that connects to Latch and remove the line"
        case .userNameAsClientID:
            "give the clients identifiers of their own and remove the line"
        case .networkInterfaces:
            "name an address of the interface in the listener line and remove this one"
        case .proxyProtocol:
            "let the proxy refuse clients without TLS and remove the line"
        case .memoryLimits:
            "use max_packet_size, max_queued_messages and max_queued_bytes and remove the line"
        case .httpFiles, .controlAPI:
            "remove the line if the broker may run without it"
        }
    }
}
