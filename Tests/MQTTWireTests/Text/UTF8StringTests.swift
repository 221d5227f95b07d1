import MQTTWire
import Testing

@Suite("UTF-8 strings")
struct UTF8StringTests {
    @Test("Strings that Unicode calls equivalent are different identities")
    func comparesBytes() {
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        #expect(composed == decomposed)
        #expect(UTF8String(composed) != UTF8String(decomposed))
        #expect(Set([UTF8String(composed), UTF8String(decomposed)]).count == 2)
    }

    @Test("A byte order mark is a character like any other [MQTT-1.5.4-3]")
    func byteOrderMark() {
        #expect(UTF8String(validating: [0xEF, 0xBB, 0xBF, 0x61])?.bytes == [0xEF, 0xBB, 0xBF, 0x61])
    }

    @Test func validation() {
        #expect(UTF8String(validating: []) == "")
        #expect(UTF8String(validating: [0x61, 0x00]) == nil)
        #expect(UTF8String(validating: [0xC3]) == nil)
        #expect(UTF8String("ab").description == "ab")
        #expect(UTF8String("ß").count == 2)
    }
}
