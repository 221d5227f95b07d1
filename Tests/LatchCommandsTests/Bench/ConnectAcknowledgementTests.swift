import Testing

@testable import LatchCommands

@Suite struct ConnectAcknowledgementTests {
    private static func read(_ body: [UInt8], _ version: LoadVersion) throws -> ConnectAcknowledgement {
        try body.withUnsafeBytes { try ConnectAcknowledgement($0, version: version) }
    }

    @Test func version311HasACodeOnly() throws {
        #expect(try Self.read([0, 5], .mqtt311).code == 5)
        #expect(throws: LoadFailure.self) { try Self.read([0, 0, 0], .mqtt311) }
    }

    @Test func version5TellsHowManyMessagesMayBeOnTheWay() throws {
        let properties: [UInt8] = [
            0x22, 0, 10, 0x12, 0, 2, 0x61, 0x62, 0x26, 0, 1, 0x61, 0, 1, 0x62, 0x21, 0, 20, 0x24, 1,
        ]
        let answer = try Self.read([0, 0, UInt8(properties.count)] + properties, .mqtt5)
        #expect(answer.code == 0)
        #expect(answer.receiveMaximum == 20)
        #expect(try Self.read([0, 0x87, 0], .mqtt5).receiveMaximum == 65_535)
    }

    /// Every truncation of its properties is malformed, and none of them traps.
    @Test func cutPropertiesAreMalformed() {
        let whole: [UInt8] = [0, 0, 8, 0x12, 0, 2, 0x61, 0x62, 0x21, 0, 20]
        for count in 3..<whole.count {
            #expect(throws: LoadFailure.self, "\(count)") { try Self.read(Array(whole[..<count]), .mqtt5) }
        }
        #expect(throws: LoadFailure.self) { try Self.read([0, 0, 1, 0x7F], .mqtt5) }
        #expect(throws: LoadFailure.self) { try Self.read([0, 0, 3, 0x26, 0, 9], .mqtt5) }
    }
}
