// swift-tools-version: 6.2
import PackageDescription

/// Small programs whose instructions are counted; built apart from the product, because they look inside its modules.
let package = Package(
    name: "latch-benchmarks",
    dependencies: [.package(name: "latch", path: "..")],
    targets: [
        .executableTarget(
            name: "Microbenchmarks",
            dependencies: [
                .product(name: "MQTTProtocol", package: "latch"),
                .product(name: "RetainedStore", package: "latch"),
            ],
            path: "Microbenchmarks",
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
        )
    ]
)
