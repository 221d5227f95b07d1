import MQTTWire

/// Valid AUTH packets (3.15), which 5.0 alone has.
enum AuthSamples {
    static let continuing = Sample(
        "AUTH of a client",
        .v50,
        """
        f0 0f 18                  // continue authentication
        0d
        15 00 05 'SCRAM'          // authentication method
        16 00 02 00 ff            // authentication data
        """
    )

    static let explained = Sample(
        "AUTH of a server with everything",
        .v50,
        from: .server,
        """
        f0 1b 18
        19
        15 00 05 'SCRAM'
        16 00 02 00 ff
        1f 00 02 'go'             // reason string
        26 00 01 'k' 00 01 'v'    // user property
        """
    )

    static let success = Sample("AUTH without contents", .v50, from: .server, "f0 00")

    static let all = [continuing, explained, success]
}
