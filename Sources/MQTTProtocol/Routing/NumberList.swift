/// Numbers of nodes or lists, gathered anew for every message: adding one is a store, emptying the list costs nothing.
struct NumberList: ~Copyable {
    private var numbers: UnsafeMutablePointer<UInt32>
    private var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 16
        numbers = .allocate(capacity: capacity)
    }

    deinit {
        numbers.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    subscript(position: Int) -> UInt32 {
        precondition(position >= 0 && position < count, "position outside of the list")
        return numbers[position]
    }

    mutating func append(_ number: UInt32) {
        if count == capacity { grow() }
        numbers[count] = number
        count += 1
    }

    mutating func removeAll() {
        count = 0
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
        larger.update(from: numbers, count: count)
        numbers.deallocate()
        numbers = larger
        capacity *= 2
    }
}
