import Dispatch
import Synchronization
import Testing

@testable import Broker

/// Rates in virtual time, and from several threads at once.
struct TokenRateTests {
    @Test func aSecondsWorthMayComeAtOnce() {
        let rate = TokenRate(perSecond: 10)
        var taken = 0
        while taken < 100, rate.wait(now: 5_000) == 0 {
            #expect(rate.take(1, now: 5_000) == (taken == 0))
            taken += 1
        }
        #expect(taken == 10)
        #expect(rate.wait(now: 5_000) == 100)
        #expect(rate.wait(now: 5_060) == 40)
        #expect(rate.wait(now: 5_100) == 0)
        #expect(!rate.isFull(now: 5_999))
        #expect(rate.isFull(now: 6_000))
    }

    @Test func whatIsLargerThanTheBurstIsPaidForAfterwards() {
        let rate = TokenRate(perSecond: 1_000)
        #expect(rate.wait(now: 0) == 0)
        rate.take(5_000, now: 0)
        #expect(rate.wait(now: 0) == 4_001)
        #expect(rate.wait(now: 4_000) == 1)
        #expect(rate.wait(now: 4_001) == 0)
    }

    @Test(arguments: [1, 3, 7, 1_000, 999_999, 1_000_000_000, Int(Int32.max)])
    func theAverageIsKept(perSecond: Int) {
        let rate = TokenRate(perSecond: perSecond)
        var now: UInt64 = 1_000
        var taken = 0
        let piece = max(1, perSecond / 50)
        for _ in 0..<1_000 {
            now += rate.wait(now: now)
            rate.take(piece, now: now)
            taken += piece
        }
        let seconds = Double(now - 1_000) / 1_000
        // The burst, and one piece that was paid for later.
        #expect(Double(taken) <= (seconds + 1) * Double(perSecond) * 1.000_001 + Double(2 * piece))
        #expect(Double(taken) >= (seconds - 1) * Double(perSecond) * 0.999)
    }

    @Test func severalLoopsDrawOnOneRate() {
        let rate = TokenRate(perSecond: 1_000)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<1_000 { rate.take(1, now: 0) }
        }
        // 8,000 tokens were taken, of which none was lost: 7,001 must flow in before there is one again.
        #expect(rate.wait(now: 0) == 7_001)
    }

    @Test func messagesAndBytesAreBothKept() throws {
        let rate = try #require(PublishRate(messagesPerSecond: 2, bytesPerSecond: 100))
        #expect(rate.take(byteCount: 10, now: 0))
        #expect(rate.wait(now: 0) == 0)
        #expect(!rate.take(byteCount: 10, now: 0))
        #expect(rate.wait(now: 0) == 500)
        let large = try #require(PublishRate(messagesPerSecond: nil, bytesPerSecond: 100))
        _ = large.take(byteCount: 300, now: 0)
        #expect(large.wait(now: 0) == 2_010)
        #expect(!large.isFull(now: 2_999))
        #expect(large.isFull(now: 3_000))
        #expect(PublishRate(messagesPerSecond: nil, bytesPerSecond: nil) == nil)
    }
}
