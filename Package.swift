// swift-tools-version: 6.2
import PackageDescription

/// Language mode 6 with the upcoming features that make imports and existentials visible; every warning is an error.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")

let package = Package(
    name: "latch",
    products: [
        .executable(name: "latch", targets: ["latch"]),
        .library(name: "Broker", targets: ["Broker"]),
        .library(name: "MQTTProtocol", targets: ["MQTTProtocol", "MQTTWire"]),
        .library(name: "Mosquitto", targets: ["Mosquitto"]),
        .library(name: "RetainedStore", targets: ["RetainedStore"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibssl", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

        .target(name: "RetainedStore", dependencies: ["CLMDB", "CLibcrypto"], swiftSettings: house),
        .target(name: "MQTTWire", dependencies: [nioCore], swiftSettings: house),
        .target(name: "MQTTProtocol", dependencies: ["MQTTWire"], swiftSettings: house),
        .target(name: "Authentication", dependencies: ["CArgon2", "CLibcrypto"], swiftSettings: house),
        .target(
            name: "Mosquitto",
            dependencies: ["MQTTProtocol", "MQTTWire", "CLibcrypto", "CSQLite"],
            swiftSettings: house
        ),
        .target(
            name: "Broker",
            dependencies: [
                "CMalloc", "RetainedStore", "MQTTProtocol", "MQTTWire", "Authentication",
                nioCore, nioHTTP1, nioPosix, nioSSL, nioTLS, nioWebSocket, logging, lifecycle,
            ],
            swiftSettings: house
        ),
        .target(
            name: "LatchCommands",
            dependencies: [
                "RetainedStore", "MQTTProtocol", "MQTTWire", "Authentication", "Mosquitto", "Broker", "CLibssl",
                argumentParser, lifecycle, logging, nioCore,
            ],
            swiftSettings: house
        ),
        // What brings Foundation along stands apart, so that no other target sees it.
        .target(
            name: "Tokens",
            dependencies: ["Authentication", httpClient, jwt, nioCore, nioHTTP1, nioPosix, nioSSL],
            swiftSettings: house
        ),
        .executableTarget(name: "latch", dependencies: ["LatchCommands", "Tokens"], swiftSettings: house),

        .target(name: "CWriteRecorder"),
        .target(
            name: "RetainedStoreSimulation",
            dependencies: ["CWriteRecorder", "RetainedStore"],
            swiftSettings: house
        ),
        .target(
            name: "BrokerTesting",
            dependencies: ["Broker", "RetainedStore", "MQTTProtocol", "MQTTWire", nioCore, nioPosix, logging],
            swiftSettings: house
        ),

        .testTarget(name: "RetainedStoreTests", dependencies: ["RetainedStore", crypto], swiftSettings: house),
        .testTarget(
            name: "RetainedStoreSimulationTests",
            dependencies: ["RetainedStore", "RetainedStoreSimulation"],
            swiftSettings: house
        ),
        .testTarget(name: "MQTTWireTests", dependencies: ["MQTTWire", nioCore], swiftSettings: house),
        .testTarget(name: "MQTTProtocolTests", dependencies: ["MQTTProtocol", "MQTTWire"], swiftSettings: house),
        .testTarget(name: "AuthenticationTests", dependencies: ["Authentication"], swiftSettings: house),
        .testTarget(
            name: "TokensTests",
            dependencies: ["Tokens", "Authentication", crypto, cryptoExtras, nioCore, nioHTTP1, nioPosix],
            swiftSettings: house
        ),
        .testTarget(
            name: "MosquittoTests",
            dependencies: ["Mosquitto", "MQTTProtocol", "Authentication"],
            swiftSettings: house
        ),
        .testTarget(
            name: "BrokerTests",
            dependencies: [
                "Authentication", "Broker", "BrokerTesting", "MQTTProtocol", "MQTTWire", "Mosquitto", "RetainedStore",
                crypto,
                logging,
                nioCore,
                nioEmbedded,
                nioWebSocket,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "LatchCommandsTests",
            dependencies: [
                "LatchCommands", "Authentication", "Broker", "Mosquitto", "MQTTProtocol", "RetainedStore",
                argumentParser,
                logging,
            ],
            swiftSettings: house
        ),
        .testTarget(name: "ProcessTests", exclude: ["Clients", "Faults"], swiftSettings: house),
        .testTarget(name: "TidyTests", swiftSettings: house),
    ]
)
