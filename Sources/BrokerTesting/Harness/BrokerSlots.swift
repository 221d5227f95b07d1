/// Lets only so many brokers of tests run at once.
///
/// Swift Testing begins all tests together, and those that wait keep what they have: hundreds of brokers with their files and
/// sockets would reach the process's limit of open files on a slow machine, and keep each other from ending.
actor BrokerSlots {
    static let shared = BrokerSlots(count: 12)

    /// Whether the task has a slot already: a broker beside another one, in one test, needs none.
    @TaskLocal static var isHeld = false

    private var freeCount: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private init(count: Int) {
        freeCount = count
    }

    /// Waits for a slot, in the order of coming.
    func acquire() async {
        if freeCount > 0 {
            freeCount -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func release() {
        if waiting.isEmpty {
            freeCount += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
