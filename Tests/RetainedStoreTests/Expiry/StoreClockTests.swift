import Testing

@testable import RetainedStore

@Suite struct StoreClockTests {
    @Test("It shows the wall clock's time")
    func wallClock() {
        let machine = SimulatedClock(seconds: 1_000)
        let clock = StoreClock { machine.reading }
        #expect(clock.nowMilliseconds == 1_000_000)
        machine.pass(seconds: 7)
        #expect(clock.nowSeconds == 1_007)
        machine.set(seconds: 5_000)
        #expect(clock.nowSeconds == 5_000)
        #expect(clock.lagSeconds == 0)
    }

    @Test("Set back, it neither runs backwards nor stands still, until the wall clock has caught up")
    func setBack() {
        let machine = SimulatedClock(seconds: 1_000)
        let clock = StoreClock { machine.reading }
        machine.set(seconds: 400)
        #expect(clock.nowSeconds == 1_000)
        #expect(clock.lagSeconds == 600)
        machine.pass(seconds: 30)
        #expect(clock.nowSeconds == 1_030)
        machine.set(seconds: 1_100)
        #expect(clock.nowSeconds == 1_100)
        #expect(clock.lagSeconds == 0)
    }

    @Test("It goes on from what an earlier process has seen, however absurd")
    func goesOn() {
        let machine = SimulatedClock(seconds: 1_000)
        let clock = StoreClock { machine.reading }
        clock.goOn(fromMilliseconds: 900_000)
        #expect(clock.nowSeconds == 1_000)
        clock.goOn(fromMilliseconds: 3_000_000)
        #expect(clock.nowSeconds == 3_000)
        clock.goOn(fromMilliseconds: .max)
        #expect(clock.nowSeconds > 1 << 50)
    }

    @Test("The machine's clocks")
    func system() {
        let clock = StoreClock()
        let first = clock.nowMilliseconds
        #expect(first > 1_700_000_000_000)
        #expect(clock.nowMilliseconds >= first)
    }
}
