import Testing

/// Every numbered statement of MQTT 3.1.1 and 5.0 that obliges the server names what proves it, and that exists.
@Suite struct ConformanceTests {
    @Test(arguments: [("3.1.1", 141), ("5.0", 251)])
    func everyStatementOfTheServerIsProven(version: String, count: Int) throws {
        let file = try ConformanceFile(version: version)
        #expect(file.version == version)
        #expect(file.statements.count == count)
        #expect(Set(file.statements.map(\.id)).count == count, "each stands once")
        let known = try ConformanceFile.proofs(in: Repository.files())
        for problem in file.statements.flatMap({ $0.problems(known: known) }) { Issue.record("\(version): \(problem)") }
    }

    /// The check itself can fail.
    @Test func whatIsMissingIsFound() {
        let known: Set = ["ATests/BTests/c"]
        func problems(_ side: ConformanceStatement.Side, _ proofs: [String]?, _ why: String?) -> Int {
            ConformanceStatement(id: "MQTT-1", says: "x", side: side, proofs: proofs, why: why)
                .problems(known: known).count
        }
        #expect(problems(.server, ["ATests/BTests/c"], nil) == 0)
        #expect(problems(.server, [], nil) == 1)
        #expect(problems(.server, nil, nil) == 1)
        #expect(problems(.server, ["ATests/BTests/d"], nil) == 1)
        #expect(problems(.client, nil, nil) == 0)
        #expect(problems(.client, ["ATests/BTests/d"], nil) == 1)
        #expect(problems(.untested, nil, nil) == 1)
        #expect(problems(.untested, nil, "It does not.") == 0)
    }

    @Test func testFunctionsAreFound() {
        let text = """
            @Test func one() {}
            @Test(arguments: [1, 2])
            func two(number: Int) {}
            func helper() {}
            """
        #expect(ConformanceFile.testFunctions(in: text) == ["one", "two"])
    }
}
