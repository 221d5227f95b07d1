/// Why a text is not the URL of a broker.
enum BrokerURLError: Error, Equatable, CustomStringConvertible {
    case scheme(String)
    case host
    case port(String)

    var description: String {
        switch self {
        case .scheme(let name):
            "'\(name)' is not a scheme that can be loaded: write mqtt://HOST:PORT or ws://HOST:PORT/PATH, with TLS mqtts:// or wss://"
        case .host:
            "the host is missing: write mqtt://HOST:PORT, an IPv6 address in brackets"
        case .port(let text):
            "'\(text)' is not a port: write a number from 1 to 65535"
        }
    }
}
