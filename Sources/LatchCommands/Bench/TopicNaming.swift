/// Topic names `PREFIX/dev00042/temp`: as long as each other, and each tells its number.
struct TopicNaming: Equatable, Sendable {
    private static let numberDigitsMin = 5
    private static let device = "/dev"
    private static let leaf = "/temp"

    let prefix: String
    /// Decimal digits of the number, leading zeros included.
    let numberDigits: Int

    /// - Parameter topics: how many topics there are in all, whoever owns them.
    init(prefix: String, topics: Int) {
        self.prefix = prefix
        numberDigits = max(Self.numberDigitsMin, String(max(0, topics - 1)).utf8.count)
    }

    /// Where the digits of the number begin in a name.
    var numberOffset: Int { prefix.utf8.count + Self.device.utf8.count }

    /// The filter that matches every name of this prefix.
    var filter: String { prefix + "/#" }

    /// A topic's name.
    func name(_ topic: Int) -> String {
        let digits = String(topic)
        let zeros = String(repeating: "0", count: max(0, numberDigits - digits.utf8.count))
        return prefix + Self.device + zeros + digits + Self.leaf
    }

    /// The number of the topic with this name; `nil` if no topic of this prefix has it.
    func topic(named name: UnsafeRawBufferPointer) -> Int? {
        guard name.count == numberOffset + numberDigits + Self.leaf.utf8.count else { return nil }
        var topic = 0
        for byte in name[numberOffset..<(numberOffset + numberDigits)] {
            guard (0x30...0x39).contains(byte) else { return nil }
            topic = topic * 10 + Int(byte - 0x30)
        }
        return name.elementsEqual(self.name(topic).utf8) ? topic : nil
    }
}
