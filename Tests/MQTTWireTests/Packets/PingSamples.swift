import MQTTWire

/// PINGREQ and PINGRESP (3.12, 3.13).
enum PingSamples {
    static let request = Sample("PINGREQ", .v311, "c0 00")
    static let response = Sample("PINGRESP", .v311, from: .server, "d0 00")

    static let all = [request, response]
}
