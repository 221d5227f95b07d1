import MQTTWire

/// Valid SUBSCRIBE packets of all versions (3.8).
enum SubscribeSamples {
    /// Figure 3-23 of 3.1.1: two filters.
    static let two311 = Sample(
        "SUBSCRIBE to two filters",
        .v311,
        """
        82 0e 00 0a
        00 03 'a/b' 01
        00 03 'c/d' 02
        """
    )

    static let repeated31 = Sample("SUBSCRIBE with DUP", .v31, "8a 08 00 0a 00 03 'a/b' 00")

    static let options50 = Sample(
        "SUBSCRIBE with options",
        .v50,
        """
        82 29 00 0a
        0a
        0b ff 7f                    // subscription identifier 16,383
        26 00 01 'k' 00 01 'v'
        00 03 'a/b' 2e              // QoS 2, no local, retain as published, retain handling 2
        00 01 '#' 11                // QoS 1, retain handling 1
        00 0f '$share/g/+/size' 08  // QoS 0, retain as published
        """
    )

    static let minimal50 = Sample("SUBSCRIBE without properties", .v50, "82 07 00 0a 00 00 01 '+' 00")

    static let all = [two311, repeated31, options50, minimal50]
}
