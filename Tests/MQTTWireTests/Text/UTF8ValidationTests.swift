import MQTTWire
import Testing

@Suite("UTF-8 validation (1.5.4)")
struct UTF8ValidationTests {
    @Test("Every scalar is well formed; U+0000, controls and non-characters are told apart")
    func everyScalar() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(Character(scalar)).utf8)
            let isControl = scalar.properties.generalCategory == .control
            let isNoncharacter = scalar.properties.isNoncharacterCodePoint
            let found = (
                UTF8Validation.isWellFormed(bytes), UTF8Validation.isEncodedString(bytes),
                UTF8Validation.isName(bytes)
            )
            if found != (true, value != 0, !isControl && !isNoncharacter) {
                Issue.record("U+\(String(value, radix: 16)): \(found)")
            }
        }
    }

    @Test("Every sequence of two bytes agrees with Swift's own decoding")
    func everyTwoBytes() {
        for first in 0...UInt8.max {
            for second in 0...UInt8.max where !agreesWithSwift([first, second]) {
                Issue.record("\(Transcript.hexadecimal([first, second]))")
            }
        }
    }

    @Test("Sequences of three bytes agree with Swift's own decoding, for every lead byte of three and more")
    func everyLeadByteOfThree() {
        let third: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0xA0, 0xBF, 0xC0, 0xFF]
        for first in 0xE0...UInt8.max {
            for second in 0...UInt8.max {
                for third in third where !agreesWithSwift([first, second, third]) {
                    Issue.record("\(Transcript.hexadecimal([first, second, third]))")
                }
            }
        }
    }

    @Test("Random bytes, and text with a random byte changed, agree with Swift's own decoding")
    func random() {
        var generator = SeededGenerator(seed: Seed.value)
        let alphabet: [Character] = ["a", "/", "ß", "€", "𝄞", "\u{7F}", "\u{FEFF}", "\u{FFFF}", "\u{10FFFF}"]
        for round in 0..<20_000 {
            var bytes: [UInt8]
            if round.isMultiple(of: 4) {
                bytes = generator.bytes(Int.random(in: 0...12, using: &generator))
            } else {
                let length = Int.random(in: 1...20, using: &generator)
                let text = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "a" }
                bytes = Array(String(text).utf8)
                if round.isMultiple(of: 2) {
                    bytes[Int.random(in: bytes.indices, using: &generator)] = generator.bytes(1)[0]
                }
            }
            if !agreesWithSwift(bytes) {
                Issue.record("seed \(Seed.value): \(Transcript.hexadecimal(bytes))")
                return
            }
        }
    }

    struct Place: Sendable, CustomTestStringConvertible {
        let byte: UInt8
        let isEncodedString: Bool
        let isName: Bool

        var testDescription: String { Transcript.hexadecimal([byte]) }
    }

    /// The fast path looks at eight bytes at a time, the last of them twice: a byte must be noticed at every place of
    /// texts of every length around it, and must not be seen where it is not.
    @Test(arguments: [
        Place(byte: 0x00, isEncodedString: false, isName: false),
        Place(byte: 0x01, isEncodedString: true, isName: false),
        Place(byte: 0x1F, isEncodedString: true, isName: false),
        Place(byte: 0x20, isEncodedString: true, isName: true),
        Place(byte: 0x7E, isEncodedString: true, isName: true),
        Place(byte: 0x7F, isEncodedString: true, isName: false),
        Place(byte: 0x80, isEncodedString: false, isName: false),
        Place(byte: 0xFF, isEncodedString: false, isName: false),
    ])
    func everyPlace(_ place: Place) {
        for count in 1...35 {
            for index in 0..<count {
                var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: count)
                bytes[index] = place.byte
                withGuardedBytes(bytes) { bytes in
                    #expect(UTF8Validation.isWellFormed(bytes) == (place.byte < 0x80))
                    #expect(UTF8Validation.isEncodedString(bytes) == place.isEncodedString)
                    #expect(UTF8Validation.isName(bytes) == place.isName)
                }
            }
        }
    }

    @Test(
        "Overlong forms, surrogates and values above U+10FFFF are malformed",
        arguments: [
            "c0 80", "c1 bf", "e0 80 80", "e0 9f bf", "f0 80 80 80", "f0 8f bf bf", "ed a0 80", "ed bf bf",
            "f4 90 80 80",
            "f5 80 80 80", "80", "bf", "e2 82", "f0 9d 84", "61 c3", "c3 28",
        ] as [Transcript]
    )
    func malformed(_ text: Transcript) {
        #expect(!UTF8Validation.isWellFormed(text.bytes))
        #expect(!UTF8Validation.isWellFormed("12345678".utf8 + text.bytes))
        #expect(!UTF8Validation.isWellFormed(text.bytes + "12345678".utf8))
    }

    private func agreesWithSwift(_ bytes: [UInt8]) -> Bool {
        let isWellFormed = String(validating: bytes, as: UTF8.self) != nil
        return UTF8Validation.isWellFormed(bytes) == isWellFormed
            && UTF8Validation.isEncodedString(bytes) == (isWellFormed && !bytes.contains(0))
    }
}

extension UTF8Validation {
    fileprivate static func isWellFormed(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes(isWellFormed) }

    fileprivate static func isEncodedString(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes(isEncodedString) }

    fileprivate static func isName(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes(isName) }
}
