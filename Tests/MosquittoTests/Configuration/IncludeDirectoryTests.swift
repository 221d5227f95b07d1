import Testing

@testable import Mosquitto

/// `include_dir`.
struct IncludeDirectoryTests {
    private static let directory = Fixture(name: "mosquitto/include")

    @Test func everyConfigurationFileIsReadInOrder() throws {
        let configuration = try MosquittoConfiguration.of("include_dir \(Self.directory.path)")
        let names = configuration.files.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        #expect(names == ["FILE", "A.conf", "a.conf", "b.conf"])
        #expect(configuration.isPersistent)
    }

    @Test func listenersOfAFileEndWithIt() throws {
        let configuration = try MosquittoConfiguration.of(
            "listener 1883",
            "include_dir \(Self.directory.path)",
            "max_qos 0"
        )
        // A.conf sets max_connections in front of its listener, which is then the default one and not 1883 above.
        #expect(
            configuration.listeners.map(\.endpoint) == [
                .tcp(host: nil, port: 1883), .tcp(host: nil, port: 1883), .tcp(host: nil, port: 1884),
                .tcp(host: nil, port: 9001),
            ]
        )
        #expect(configuration.listeners.map(\.connectionsMax) == [nil, 7, nil, nil])
        #expect(configuration.listeners.map(\.qosMax) == [0, 2, 1, 2])
    }

    @Test func anErrorNamesTheIncludedFile() throws {
        let broken = Fixture(name: "mosquitto/broken-configuration")
        let error = #expect(throws: MosquittoFileError.self) {
            try MosquittoConfiguration.of("include_dir \(broken.path)")
        }
        #expect(error?.location.file.hasPrefix(broken.path) == true)
    }

    @Test func anIncludedFileIncludesNothing() throws {
        let nested = Fixture(name: "mosquitto/include-nested")
        let error = #expect(throws: MosquittoFileError.self) {
            try MosquittoConfiguration.of("include_dir \(nested.path)")
        }
        #expect(
            error?.description
                == "\(nested.path)/outer.conf:1: include_dir stands in an included file; move it to the main file"
        )
    }

    @Test(arguments: [
        (["b.conf", "a.conf"], ["a.conf", "b.conf"]),
        (["a.conf", "A.conf", "B.conf"], ["A.conf", "a.conf", "B.conf"]),
        (["aB", "Aa", "aa", "AB"], ["Aa", "AB", "aa", "aB"]),
        (["10.conf", "9.conf", "1.conf"], ["1.conf", "10.conf", "9.conf"]),
        (["a.conf", "a.conf.conf", "a-.conf"], ["a-.conf", "a.conf", "a.conf.conf"]),
    ])
    func namesAreSortedAsMosquittoSortsThem(names: [String], sorted: [String]) {
        #expect(names.sorted(by: IncludeDirectory.precedes) == sorted)
    }
}
