import MQTTWire
import Testing

@Suite("PINGREQ and PINGRESP (3.12, 3.13)")
struct PingTests {
    @Test func bothWays() throws {
        expectEqual(written { Ping.writeRequest(to: &$0) }, PingSamples.request.transcript)
        expectEqual(written { Ping.writeResponse(to: &$0) }, PingSamples.response.transcript)
        #expect(try withFrame(PingSamples.request.transcript) { $0.type } == .pingreq)
        #expect(try withFrame(PingSamples.response.transcript) { $0.type } == .pingresp)
    }
}
