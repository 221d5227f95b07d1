import Testing

@testable import Authentication

/// Hashes that other programs made, and what is no hash.
struct PasswordHashTests {
    /// A password, and the hash that a program made of it.
    struct Known: CustomTestStringConvertible {
        var password: String
        var hash: String

        var testDescription: String { hash }
    }

    /// Made by mosquitto_passwd 2.0.11; the same hashes stand in Fixtures/mosquitto/passwords.
    static let fromMosquitto: [Known] = [
        Known(
            password: "correct horse battery staple",
            hash: "$7$101$vxzPfwQKEH2fF0oH$QVxzEDTYxfm6WFDua3hi5TA0k9lT+QEbVz6sRQrZUzaeq1LKz8Xrs5CovkNFwWr65/"
                + "yZluUfFYp0mM7TadFJzA=="
        ),
        Known(
            password: " ",
            hash: "$7$101$A1dagj8ETXAZh/11$lE4efdgPYdi6ZoBmAVFfwZ28o/k5KQ6g/c1487IRawmcGcseArU9QZh+aVIRNqZl3r"
                + "alHoan/NClUDPsgxmTVA=="
        ),
        Known(
            password: "pässwörd ☂",
            hash: "$7$101$0BbNLDHtMrflG3ol$Tvt9I8eRvqEyIpefCMNQSXGpUISs85AmkAIIHVaa6EmRUtoXo+t1QWY87SWN2WZ9sF"
                + "jf7MRbVPyUG9mpRT3gRA=="
        ),
        Known(
            password: "a:b$c#d",
            hash: "$7$101$57nXjNrCJ2LfOQHt$k9vBfv6Y1bpjn0N92vWMMheeiRnjuWZy20XDIXvJSsvQVxO+COQgMf16FHGfx5Wogk"
                + "1383KbGhg3S3q2X/pcPQ=="
        ),
        Known(
            password: String(repeating: "x", count: 300),
            hash: "$7$101$XF1ju/kMoe3G8Zoy$CLkfvBs9fQ/Vb/D528uLuo1jPeqOUkWncsE2/PCeplPX3q4EWYf3L6S2aIryl5TDn8"
                + "bDz75JR2M6Ly9yXKtNcw=="
        ),
        Known(
            password: "hunter2",
            hash: "$6$UmQ9zJKwLWSXPpS3$OApSM+5RhPrRhkdpcaBWqgoYBF6ibaSxATa9vmzRbXoVnLS4xpL0RfgntrpLeB3TNHvhwx"
                + "5ABpKOPYmXqqglqg=="
        ),
        Known(
            password: "ß:$",
            hash: "$6$psQ/MwKi5I9XY9l6$4xPPxt2eb/QUMHAMf3XM4bheyPhZjC/BYd73I1jFrBJY4AZnLJxoNEnJ7BNlmzfgq60L3K"
                + "tnLIa5X9zHpKSe6w=="
        ),
    ]

    /// Made with Python's hashlib in the proportions of mosquitto 2.1: 64 bytes of salt, 1,000 iterations.
    static let likeMosquitto21 = Known(
        password: "as mosquitto 2.1 writes it",
        hash: "$7$1000$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD"
            + "0+Pw==$VrkW6B6uQMVempy9l3EwJRGpLATRFreCk3EnpR9FUtqLVQ4PfgzBhN3TtSui9whrdKG2p6P/dG2kVXmWISj"
            + "9mQ=="
    )

    /// From the tests of the reference implementation (github.com/P-H-C/phc-winner-argon2, src/test.c).
    static let fromReference: [Known] = [
        Known(
            password: "password",
            hash: "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        ),
        Known(
            password: "password",
            hash: "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"
        ),
        Known(
            password: "password",
            hash: "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        ),
    ]

    /// Made with Python's hashlib: an empty password, the salt "salt" and one iteration.
    static let ofNothing = Array(
        ("$7$1$c2FsdA==$"
            + "AO9Czb/JjSnbIJdmCORVVn/d3xQfbrA7WoWt3SWXT10jdb1QgrgD6PTPqIrhvSUlb8vd0jGGdlZv8nl3kjAq7g==").utf8
    )

    @Test(arguments: fromMosquitto + [likeMosquitto21] + fromReference)
    func thePasswordMatchesAndNoOther(_ known: Known) throws {
        let hash = try PasswordHash(parsing: Array(known.hash.utf8))
        let password = Array(known.password.utf8)
        #expect(password.withUnsafeBytes { hash.matches($0) })
        let others = [
            [], password + [1], password + [0x20], Array(password.dropLast()), [password[0] ^ 1] + password.dropFirst(),
        ]
        for other in others { #expect(other.withUnsafeBytes { !hash.matches($0) }) }
        #expect(!hash.matches(UnsafeRawBufferPointer(start: nil, count: 0)))
    }

    @Test func anEmptyPasswordIsAPassword() throws {
        let hash = try PasswordHash(parsing: Self.ofNothing)
        #expect(hash.matches(UnsafeRawBufferPointer(start: nil, count: 0)))
        #expect([UInt8(1)].withUnsafeBytes { !hash.matches($0) })
    }

    @Test(arguments: [
        ("", PasswordHashError.notAHash), ("secret", .notAHash), ("$", .notAHash), ("$$", .notAHash),
        ("x$6$a$b", .notAHash), ("$8$a$b", .notAHash), ("$6", .notAHash),
        ("$6$a", .wrongFieldCount), ("$6$a$b$c", .wrongFieldCount), ("$7$101$a", .wrongFieldCount),
        ("$7$101$a$b$c", .wrongFieldCount), ("$7$$a$b", .malformedIterations), ("$7$1x$a$b", .malformedIterations),
        ("$7$-1$a$b", .malformedIterations), ("$7$0$a$b", .iterationsOutOfRange),
        ("$7$1000001$a$b", .iterationsOutOfRange), ("$7$99999999999999999999$a$b", .iterationsOutOfRange),
        ("$6$$b", .malformedSalt), ("$6$abc$b", .malformedSalt), ("$6$c2FsdA==$", .malformedDigest),
        ("$6$c2FsdA==$c2FsdA==", .malformedDigest),
        ("$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA", .malformedSalt),
        ("$argon2id$v=19$m=47104,t=1,p=1$c29tZXNhbHQ$aGFzaA", .malformedDigest),
        (
            "$argon2id$v=16$m=47104,t=1,p=1$c29tZXNhbHQ$aGFzaA",
            .unsupportedScheme("argon2id of an older version than 19")
        ),
        ("$argon2id$m=47104,t=1,p=1$c29tZXNhbHQ$aGFzaA", .wrongFieldCount),
        ("$argon2id$v=19$t=1,m=47104,p=1$c29tZXNhbHQ$aGFzaA", .malformedCost),
        ("$argon2id$v=19$m=47104,t=1$c29tZXNhbHQ$aGFzaA", .malformedCost),
        ("$argon2id$v=19$m=,t=1,p=1$c29tZXNhbHQ$aGFzaA", .malformedCost),
        ("$argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHQ$aGFzaA", .costOutOfRange),
        ("$argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$aGFzaA", .costOutOfRange),
        ("$argon2id$v=19$m=262144,t=5,p=1$c29tZXNhbHQ$aGFzaA", .costOutOfRange),
        ("$argon2id$v=19$m=8,t=65,p=1$c29tZXNhbHQ$aGFzaA", .costOutOfRange),
        ("$argon2id$v=19$m=4096,t=1,p=17$c29tZXNhbHQ$aGFzaA", .costOutOfRange),
        ("$argon2id$v=19$m=15,t=1,p=2$c29tZXNhbHQ$aGFzaA", .costOutOfRange),
        ("$argon2id$v=19$m=8,t=0,p=1$c29tZXNhbHQ$aGFzaA", .costOutOfRange),
        ("$argon2i$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA", .unsupportedScheme("argon2i or argon2d")),
        ("$2b$10$abcdefghijklmnopqrstuv", .unsupportedScheme("crypt(3)")),
    ])
    func whatIsNoHashIsRefused(text: String, refusal: PasswordHashError) {
        #expect(throws: refusal) { try PasswordHash(parsing: Array(text.utf8)) }
        #expect(text.count < 8 || !refusal.description.contains(text))
    }

    @Test(arguments: [
        PasswordHash.Scheme.sha512, .pbkdf2(iterations: 101), .argon2id(.standard),
    ])
    func aNewHashIsReadAgainAndHasASaltOfItsOwn(scheme: PasswordHash.Scheme) throws {
        let password = Array("pässwörd".utf8)
        let (one, other) = try password.withUnsafeBytes {
            (try PasswordHash(of: $0, scheme: scheme), try PasswordHash(of: $0, scheme: scheme))
        }
        #expect(one.text != other.text)
        for hash in [one, other] {
            let read = try PasswordHash(parsing: Array(hash.text.utf8))
            #expect(read.text == hash.text)
            #expect(password.withUnsafeBytes { read.matches($0) })
            #expect(password.dropLast().withUnsafeBytes { !read.matches($0) })
        }
    }

    @Test(arguments: fromMosquitto + [likeMosquitto21] + fromReference)
    func aHashIsWrittenAsItWasRead(_ known: Known) throws {
        #expect(try PasswordHash(parsing: Array(known.hash.utf8)).text == known.hash)
    }

    @Test func aHashDoesNotDescribeItself() throws {
        let hash = try PasswordHash(parsing: Array(Self.likeMosquitto21.hash.utf8))
        #expect(hash.description == "PasswordHash($7$, 1000 iterations)")
    }
}
