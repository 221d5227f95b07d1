import MQTTWire
import Testing

@Suite("Reason codes (2.4)")
struct ReasonCodeTests {
    @Test("Return codes of 3.1.1 and the reason codes that say the same are each other's translation")
    func returnCodes() {
        for code in ConnectReturnCode.allCases {
            #expect(code.reasonCode.connectReturnCode == code)
        }
        #expect(ReasonCode.success.connectReturnCode == .accepted)
        #expect(ReasonCode.banned.connectReturnCode == .notAuthorized)
        #expect(ReasonCode.serverBusy.connectReturnCode == .serverUnavailable)
        #expect(ReasonCode.malformedPacket.connectReturnCode == nil)
        #expect(ReasonCode.protocolError.connectReturnCode == nil)
    }

    @Test("Only success is accepted in 3.1.1")
    func accepted() {
        for value in 1...UInt8.max {
            #expect(ReasonCode(rawValue: value).connectReturnCode != .accepted)
        }
    }

    @Test func granted() {
        #expect(QoS.allCases.map(ReasonCode.init(granted:)) == [.grantedQoS0, .grantedQoS1, .grantedQoS2])
        #expect(!ReasonCode.noMatchingSubscribers.isError)
        #expect(ReasonCode.unspecifiedError.isError)
    }

    @Test func description() {
        #expect(ReasonCode.notAuthorized.description == "0x87")
        #expect(ReasonCode.success.description == "0x00")
        #expect(DecodingError(.topicAliasZero).description == "topic alias 0 (0x94)")
    }

    @Test("Every reason of refusal has a failing code")
    func decodingErrors() {
        for reason in DecodingError.Reason.allCases { #expect(reason.reasonCode.isError) }
        #expect(Set(DecodingError.Reason.allCases.map(\.rawValue)).count == DecodingError.Reason.allCases.count)
    }

    @Test func qosOrder() {
        #expect(QoS.atMostOnce < .atLeastOnce && .atLeastOnce < .exactlyOnce)
        #expect(min(QoS.exactlyOnce, .atLeastOnce) == .atLeastOnce)
    }
}
