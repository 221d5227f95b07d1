import Testing

@testable import RetainedStore

@Suite("AES-256-CMAC: the examples of NIST SP 800-38B, D.3")
struct AESCMACTests {
    static let key = [UInt8](hexadecimal: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
    static let message = [UInt8](
        hexadecimal: """
            6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
            30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710
            """
    )

    static let vectors: [(count: Int, tag: String)] = [
        (0, "028962f61b7bf89efc6b551f4667d983"),
        (16, "28a7023f452e8f82bd4bf28d8c37c35c"),
        (40, "aaf3d8f1de5640c232f5b169b9c911e6"),
        (64, "e1992190549f6ed5696a2c056c315410"),
    ]

    @Test("one context gives every tag, whole and in pieces")
    func vectors() throws {
        var function = try AESCMAC(key: Self.key.secret)
        for vector in Self.vectors {
            let message = Array(Self.message[..<vector.count])
            #expect(message.withUnsafeBytes { function.tag(of: $0) }.hexadecimal == vector.tag)
            for byte in message { withUnsafeBytes(of: byte) { function.update($0) } }
            #expect(function.finish().hexadecimal == vector.tag)
        }
    }
}
