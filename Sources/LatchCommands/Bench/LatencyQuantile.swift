/// One point of a distribution: this share of the values is not larger than that.
struct LatencyQuantile: Codable, Equatable, Sendable {
    var share: Double
    var milliseconds: Double
}
