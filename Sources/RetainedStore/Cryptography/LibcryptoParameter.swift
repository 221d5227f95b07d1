internal import CLibcrypto

/// The parameters of libcrypto's MACs and KDFs, OSSL_PARAM(3).
///
/// A parameter keeps the pointers that it is made from. Names and texts are therefore static strings, and whatever else a
/// parameter points to has to stay where it is until the call that reads the parameters has returned.
enum LibcryptoParameter {
    /// A text, such as the name of a cipher.
    static func text(_ name: StaticString, _ value: StaticString) -> OSSL_PARAM {
        OSSL_PARAM_construct_utf8_string(
            pointer(name),
            UnsafeMutablePointer(mutating: pointer(value)),
            value.utf8CodeUnitCount
        )
    }

    /// Bytes; libcrypto has no const pointers here, and only reads.
    static func octets(_ name: StaticString, _ bytes: UnsafeRawBufferPointer) -> OSSL_PARAM {
        OSSL_PARAM_construct_octet_string(
            pointer(name),
            UnsafeMutableRawPointer(mutating: bytes.baseAddress),
            bytes.count
        )
    }

    /// A length.
    static func size(_ name: StaticString, _ value: UnsafeMutablePointer<Int>) -> OSSL_PARAM {
        OSSL_PARAM_construct_size_t(pointer(name), value)
    }

    /// What ends a list of parameters.
    static var end: OSSL_PARAM { OSSL_PARAM_construct_end() }

    /// A static string ends in a zero byte, as C wants it.
    private static func pointer(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
