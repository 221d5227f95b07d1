import Testing

@testable import Authentication

struct Base64Tests {
    @Test(arguments: [
        // RFC 4648 §10.
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"),
    ])
    func theVectorsOfTheSpecification(encoded: String, decoded: String) {
        #expect(Base64.decoded(Array(encoded.utf8)) == Array(decoded.utf8))
        #expect(Base64.encoded(Array(decoded.utf8)) == encoded)
        let unpadded = String(encoded.prefix { $0 != "=" })
        #expect(Base64.decoded(Array(unpadded.utf8), isPadded: false) == Array(decoded.utf8))
        #expect(Base64.encoded(Array(decoded.utf8), isPadded: false) == unpadded)
    }

    @Test func theWholeAlphabet() {
        let text = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let bytes = Base64.decoded(Array(text.utf8))
        #expect(bytes?.count == 48)
        #expect(bytes?.first == 0x00)
        #expect(bytes?.last == 0xBF)
    }

    @Test(arguments: ["Z", "Zg==", "Zm9vY", "Zh", "Zm9=", "Z m9"])
    func whatIsNotCanonicalWithoutPaddingIsRefused(text: String) {
        #expect(Base64.decoded(Array(text.utf8), isPadded: false) == nil)
    }

    @Test(arguments: ["Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v\n", "Zm 9", "Zm9-", "Zm=v", "Zh==", "Zm9="])
    func whatIsNotCanonicalIsRefused(text: String) {
        #expect(Base64.decoded(Array(text.utf8)) == nil)
    }
}
