// swift-tools-version: 6.2
import PackageDescription

/// What reads other people's bytes, under libFuzzer; `Tests/Fuzzing/run` builds and starts it. A package of its own, because the whole of
/// it is built with the counters that guide the fuzzer.
let package = Package(
    name: "latch-fuzzing",
    dependencies: [
        .package(name: "latch", path: "../.."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibFuzzer", path: "CLibFuzzer"),
        .executableTarget(
            name: "Fuzzing",
            dependencies: [
                "CLibFuzzer",
                .product(name: "Broker", package: "latch"),
                .product(name: "Mosquitto", package: "latch"),
                .product(name: "MQTTProtocol", package: "latch"),
                .product(name: "RetainedStore", package: "latch"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            path: "Fuzzing",
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
        ),
    ]
)
