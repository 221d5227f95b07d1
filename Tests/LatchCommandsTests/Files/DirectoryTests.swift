import Glibc
import Testing

@testable import LatchCommands

@Suite struct DirectoryTests {
    @Test(arguments: [
        ("/a/b", "/a"), ("/a", "/"), ("a", "."), ("a/b", "a"), ("./a", "."), ("/a/b/c", "/a/b"),
    ])
    func parents(path: String, parent: String) {
        #expect(Directory.parent(of: path) == parent)
    }

    @Test func createsAllThatIsMissingForItsOwnerOnly() throws {
        let directory = try TemporaryDirectory()
        try Directory.create(directory.file("a/b"))
        #expect(try directory.mode("a") == 0o700)
        #expect(try directory.mode("a/b") == 0o700)
        try Directory.create(directory.file("a/b"))
    }

    @Test func aFileInTheWayIsNoDirectory() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a", "x")
        let failure = #expect(throws: CommandFailure.self) { try Directory.create(directory.file("a/b")) }
        #expect(failure?.status == .inputOutput)
        #expect(failure?.description.contains(directory.file("a/b")) == true)
    }

    @Test func removingDoesNotFollowLinks() throws {
        let directory = try TemporaryDirectory()
        try Directory.create(directory.file("kept"))
        try directory.write("kept/file", "x")
        try Directory.create(directory.file("gone/below"))
        try directory.write("gone/below/file", "x")
        try #require(symlink(directory.file("kept"), directory.file("gone/link")) == 0)
        try #require(symlink(directory.file("kept/file"), directory.file("gone/below/link")) == 0)
        Directory.remove(directory.file("gone"))
        #expect(!Directory.exists(directory.file("gone")))
        #expect(directory.text("kept/file") == "x")
    }

    @Test func removingALinkLeavesWhatItPointsTo() throws {
        let directory = try TemporaryDirectory()
        try Directory.create(directory.file("kept"))
        try directory.write("kept/file", "x")
        try #require(symlink(directory.file("kept"), directory.file("link")) == 0)
        Directory.remove(directory.file("link"))
        #expect(!Directory.exists(directory.file("link")))
        #expect(directory.text("kept/file") == "x")
    }

    @Test func oneDirectoryHasOneAbsolutePath() throws {
        let directory = try TemporaryDirectory()
        let real = try #require(realpath(directory.path, nil))
        defer { free(real) }
        let expected = String(cString: real) + "/store"
        try #require(symlink(directory.path, directory.file("link")) == 0)
        // Before the directory exists, and afterwards.
        for _ in 0..<2 {
            for path in ["store", "store/", "./store", "link/store", "link/store//"] {
                #expect(Directory.absolute(directory.file(path)) == expected, "\(path)")
            }
            try Directory.create(directory.file("store"))
        }
    }
}
