/// Checks of text against Unicode's table 3-7 and the rules of 1.5.4 UTF-8 Encoded String.
///
/// ASCII is checked eight bytes at a time; anything else scalar by scalar.
public enum UTF8Validation {
    /// Whether `bytes` are well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
    ///
    /// U+0000 is well formed; a payload may have it.
    public static func isWellFormed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        scan(bytes, WellFormed.self)
    }

    /// Whether `bytes` are a UTF-8 encoded string: well formed, without U+0000 [MQTT-1.5.4-1], [MQTT-1.5.4-2].
    public static func isEncodedString(_ bytes: UnsafeRawBufferPointer) -> Bool {
        scan(bytes, EncodedString.self)
    }

    /// Whether `bytes` are a UTF-8 encoded string without control characters (U+0001…U+001F, U+007F…U+009F) and
    /// non-characters.
    ///
    /// 1.5.4 lets a receiver close the connection for them. Topics, filters, client identifiers and user names are
    /// held to it, as in mosquitto: they are written to logs and compared with lines of configuration files.
    public static func isName(_ bytes: UnsafeRawBufferPointer) -> Bool {
        scan(bytes, Name.self)
    }

    /// Whether `bytes` are what `isName` asks for, without the wildcards `+` and `#` [MQTT-3.3.2-2].
    static func isNameWithoutWildcards(_ bytes: UnsafeRawBufferPointer) -> Bool {
        scan(bytes, NameWithoutWildcards.self)
    }
}
