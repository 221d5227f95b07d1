import Testing

@testable import Authentication

/// Who is let in.
struct PasswordTableTests {
    private static let known = PasswordHashTests.fromMosquitto

    private func table() throws -> PasswordTable {
        PasswordTable([
            (Array("alice".utf8), try PasswordHash(parsing: Array(Self.known[0].hash.utf8))),
            (Array("frank".utf8), try PasswordHash(parsing: Array(Self.known[5].hash.utf8))),
        ])
    }

    private func verify(_ table: PasswordTable, _ user: String, _ password: String?) -> Bool {
        guard let password else { return table.verify(user: Array(user.utf8), password: nil) }
        return Array(password.utf8).withUnsafeBytes { table.verify(user: Array(user.utf8), password: $0) }
    }

    @Test func aUserIsLetInWithHisPassword() throws {
        let table = try table()
        #expect(table.count == 2)
        #expect(verify(table, "alice", Self.known[0].password))
        #expect(verify(table, "frank", Self.known[5].password))
    }

    @Test func nobodyElseIs() throws {
        let table = try table()
        #expect(!verify(table, "alice", Self.known[5].password))
        #expect(!verify(table, "alice", ""))
        #expect(!verify(table, "alice", nil))
        #expect(!verify(table, "Alice", Self.known[0].password))
        #expect(!verify(table, "nobody", Self.known[0].password))
        #expect(!verify(table, "", ""))
        #expect(!verify(table, "", nil))
    }

    @Test func noPasswordIsNotAnEmptyPassword() throws {
        let table = PasswordTable([(Array("nora".utf8), try PasswordHash(parsing: PasswordHashTests.ofNothing))])
        #expect(verify(table, "nora", ""))
        #expect(!verify(table, "nora", nil))
    }

    @Test func anEmptyTableAdmitsNobody() {
        #expect(!verify(PasswordTable([]), "alice", "x"))
        #expect(!verify(PasswordTable([]), "", nil))
    }

    @Test func everyCheckDoesTheWorkOfEveryScheme() throws {
        #expect(try table().decoys.map(\.scheme) == [.pbkdf2(iterations: 101), .sha512])
        #expect(PasswordTable([]).decoys.map(\.scheme) == [.pbkdf2(iterations: 1000)])
        let cheap = PasswordTable([(Array("frank".utf8), try PasswordHash(parsing: Array(Self.known[5].hash.utf8)))])
        #expect(cheap.decoys.map(\.scheme) == [.sha512])
    }

    @Test func aFileOfManySchemesIsLevelledForTheCostliest() throws {
        let password = Array("x".utf8)
        let users = try (1...6).map { number in
            let hash = try password.withUnsafeBytes { try PasswordHash(of: $0, scheme: .pbkdf2(iterations: number)) }
            return (name: Array("user\(number)".utf8), hash: hash)
        }
        let table = PasswordTable(users)
        #expect(table.decoys.map(\.scheme) == [6, 5, 4, 3].map { .pbkdf2(iterations: $0) })
        for number in 1...6 {
            #expect(verify(table, "user\(number)", "x"))
            #expect(!verify(table, "user\(number)", "y"))
        }
    }
}
