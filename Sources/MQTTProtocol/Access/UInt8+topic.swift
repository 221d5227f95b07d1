extension UInt8 {
    /// `#`, the multi-level wildcard (MQTT 5.0 §4.7.1.2).
    static let numberSign = UInt8(ascii: "#")
    /// `+`, the single-level wildcard (MQTT 5.0 §4.7.1.3).
    static let plusSign = UInt8(ascii: "+")
    /// `/`, the topic level separator (MQTT 5.0 §4.7.1.1).
    static let solidus = UInt8(ascii: "/")
    /// `$`, which no wildcard at the first level matches (MQTT 5.0 §4.7.2).
    static let dollarSign = UInt8(ascii: "$")
}
