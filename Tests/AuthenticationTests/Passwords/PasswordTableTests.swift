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

    @Test func anUnknownUserCostsAsMuchAsTheCostliest() throws {
        #expect(try table().decoy.scheme == .pbkdf2(iterations: 101))
        #expect(PasswordTable([]).decoy.scheme == .pbkdf2(iterations: 1000))
        let cheap = PasswordTable([(Array("frank".utf8), try PasswordHash(parsing: Array(Self.known[5].hash.utf8)))])
        #expect(cheap.decoy.scheme == .sha512)
    }
}
