import ArgumentParser

/// The version of MQTT that a load speaks.
enum LoadVersion: String, CaseIterable, Codable, ExpressibleByArgument, Sendable {
    case mqtt311 = "3.1.1"
    case mqtt5 = "5.0"

    /// What CONNECT says (3.1.2.2).
    var protocolLevel: UInt8 {
        switch self {
        case .mqtt311: 4
        case .mqtt5: 5
        }
    }

    /// The properties of packets that have none: their length, 0, where the version has properties at all.
    var noProperties: [UInt8] { self == .mqtt5 ? [0] : [] }
}
