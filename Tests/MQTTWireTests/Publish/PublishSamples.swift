import MQTTWire

/// Valid PUBLISH packets of all versions (3.3).
enum PublishSamples {
    static let atMostOnce311 = Sample("PUBLISH", .v311, "30 0a 00 03 'a/b' 'hello'")
    static let empty311 = Sample("empty retained PUBLISH", .v311, "31 05 00 03 'a/b'")
    static let repeated311 = Sample("repeated PUBLISH at QoS 1", .v311, "3a 0c 00 03 'a/b' 00 0a 'hello'")
    static let exactlyOnce31 = Sample("retained PUBLISH at QoS 2", .v31, "35 08 00 03 'a/b' 12 34 'x'")

    /// Figure 3-9 of 5.0.
    static let figure50 = Sample("PUBLISH without properties", .v50, "32 08 00 03 'a/b' 00 0a 00")

    static let alias50 = Sample("PUBLISH with an alias alone", .v50, "30 09 00 00 03 23 00 07 'abc'")
    static let expiry50 = Sample("PUBLISH with an expiry", .v50, "30 0d 00 03 'a/b' 05 02 00 00 00 3c 'hi'")

    /// In the order in which it is written: alias, expiry, forwarded properties, subscription identifiers.
    static let full50 = Sample(
        "PUBLISH of a server with everything",
        .v50,
        from: .server,
        """
        3d 44
        00 03 'a/b' 00 0a
        39                        // properties, 57 bytes
        23 00 07                  // topic alias 7
        02 00 00 00 3c            // message expiry interval 60 s
        01 01                     // payload is UTF-8
        03 00 0a 'text/plain'     // content type
        08 00 03 'r/e'            // response topic
        09 00 04 00 01 02 03      // correlation data
        26 00 01 'k' 00 01 'v'    // user property
        26 00 01 'k' 00 01 'w'    // the same name again
        0b 01                     // subscription identifier 1
        0b ff ff ff 7f            // subscription identifier 268,435,455
        'h' c3 a9
        """
    )

    /// What is not forwarded stands between what is.
    static let scattered50 = Sample(
        "PUBLISH with scattered properties",
        .v50,
        """
        30 27
        00 03 'a/b'
        1f                        // properties, 31 bytes
        26 00 01 'k' 00 01 'v'
        23 00 07                  // topic alias, not forwarded
        03 00 01 't'
        02 00 00 00 3c            // message expiry interval, not forwarded
        01 00
        09 00 02 00 01
        26 00 00 00 00
        'hi'
        """
    )

    static let all = [
        atMostOnce311, empty311, repeated311, exactlyOnce31, figure50, alias50, expiry50, full50, scattered50,
    ]
}
