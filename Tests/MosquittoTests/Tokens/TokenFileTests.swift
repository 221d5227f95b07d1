import Testing

@testable import Mosquitto

/// Files of API tokens.
struct TokenFileTests {
    private func parse(_ text: String) throws(MosquittoFileError) -> [String] {
        try TokenFile.parse(Array(text.utf8), name: "tokens") { name, text in
            text.isEmpty || name.isEmpty
                ? nil : "\(String(decoding: name, as: UTF8.self))=\(String(decoding: text, as: UTF8.self))"
        }.tokens
    }

    @Test func aUserMayHaveSeveral() throws {
        #expect(
            try parse("# comment\n\nalice:sha256:00\n bob : sha256:01 \r\nalice:sha256:02\n")
                == ["alice=sha256:00", "bob=sha256:01", "alice=sha256:02"]
        )
        #expect(try parse("").isEmpty)
    }

    @Test(arguments: ["alice", "alice:", ":sha256:00", ":", " :x"])
    func whatCannotBeUsedIsAnErrorWithItsLine(line: String) {
        let error = #expect(throws: MosquittoFileError.self) { try parse("a:b\n\(line)\n") }
        #expect(error?.location == SourceLocation(file: "tokens", line: 2))
        // Somebody may have written the token itself there.
        #expect(error?.description.contains("alice") == false)
    }
}
