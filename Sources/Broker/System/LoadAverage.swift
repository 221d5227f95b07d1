import Glibc

/// How much of something happens in a minute, averaged over the last 1, 5 and 15 minutes, as mosquitto computes it.
struct LoadAverage {
    static let minutes = [1.0, 5.0, 15.0]

    private(set) var perMinute = [0.0, 0.0, 0.0]
    private var lastCount = 0

    /// Takes the count of a moment.
    ///
    /// - Parameters:
    ///   - count: since the start.
    ///   - seconds: since the last call.
    mutating func update(_ count: Int, afterSeconds seconds: Double) {
        guard seconds > 0 else { return }
        let current = Double(count - lastCount) * 60 / seconds
        lastCount = count
        for index in Self.minutes.indices {
            let weight = exp(-seconds / (60 * Self.minutes[index]))
            perMinute[index] = current + weight * (perMinute[index] - current)
        }
    }
}
