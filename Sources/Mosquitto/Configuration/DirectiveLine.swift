import Glibc

/// One line of a configuration file, taken apart.
///
/// A value is either the next word or the rest of the line, as mosquitto reads it; there is no quoting.
struct DirectiveLine {
    /// The first word of the line.
    let name: String
    let location: SourceLocation
    /// What has not been read yet.
    private(set) var rest: ArraySlice<UInt8>

    /// - Returns: `nil` for an empty line and for a comment, which begins with `#` in the first column.
    init?(_ line: TextFile.Line) {
        if line.bytes.first == UInt8(ascii: "#") { return nil }
        var rest = line.bytes
        guard let name = rest.takeWord() else { return nil }
        self.name = name.printable
        self.location = line.location
        self.rest = rest
    }

    /// The error for this line.
    func error(_ kind: MosquittoFileError.Kind, _ problem: String, remedy: String) -> MosquittoFileError {
        MosquittoFileError(kind, at: location, problem, remedy: remedy)
    }

    /// The error for a value that does not follow the grammar.
    func malformed(_ problem: String, remedy: String) -> MosquittoFileError {
        error(.malformed, problem, remedy: remedy)
    }

    /// The next word, if there is one.
    mutating func optionalWord() -> ArraySlice<UInt8>? {
        rest.takeWord()
    }

    /// The next word.
    mutating func word() throws(MosquittoFileError) -> ArraySlice<UInt8> {
        guard let word = rest.takeWord() else {
            throw malformed("\(name) has no value", remedy: "add a value after a space, or remove the line")
        }
        return word
    }

    /// `true`, `1`, `false` or `0`.
    mutating func boolean() throws(MosquittoFileError) -> Bool {
        try choice([("true", true), ("false", false), ("1", true), ("0", false)])
    }

    /// One of several words.
    mutating func choice<Value>(_ choices: [(word: String, value: Value)]) throws(MosquittoFileError) -> Value {
        let word = try word()
        for choice in choices where word.elementsEqual(choice.word.utf8) { return choice.value }
        let allowed = choices.map(\.word).joined(separator: ", ")
        throw malformed("\(name) cannot be '\(word.printable)'", remedy: "write one of \(allowed)")
    }

    /// A whole number as C writes it: decimal, octal with a leading 0, hexadecimal with 0x.
    mutating func integer(_ range: ClosedRange<Int>) throws(MosquittoFileError) -> Int {
        let word = try word()
        guard let number = Self.integer(word) else {
            throw malformed("\(name) is '\(word.printable)' and not a whole number", remedy: "write a number")
        }
        guard range.contains(number) else {
            throw malformed(
                "\(name) is \(number)",
                remedy: "write a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// A number of bytes in decimal, which may be beyond the range of C's `int`; 0 for no limit.
    mutating func bytes() throws(MosquittoFileError) -> Int {
        let word = try word()
        guard let number = Int(String(decoding: word, as: UTF8.self)), number >= 0 else {
            throw malformed(
                "\(name) is '\(word.printable)' and not a number of bytes",
                remedy: "write a whole number from 0 to \(Int.max)"
            )
        }
        return number
    }

    /// A number of seconds, whole or with a fraction; a negative one counts as none, as in mosquitto.
    mutating func seconds() throws(MosquittoFileError) -> Double {
        let word = try word()
        if let number = Self.integer(word) { return max(0, Double(number)) }
        // Digits and one point only: `strtod` would also take infinities, exponents and the locale's comma.
        let point = UInt8(ascii: ".")
        let isPlain = word.allSatisfy { $0 == point || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isPlain, let number = Double(String(decoding: word, as: UTF8.self)) else {
            throw malformed("\(name) is '\(word.printable)' and not a number of seconds", remedy: "write a number")
        }
        return number
    }

    /// The rest of the line without blanks around it.
    mutating func text() throws(MosquittoFileError) -> String {
        let text = rest.trimmed
        rest = []
        guard !text.isEmpty else {
            throw malformed("\(name) has no value", remedy: "add a value after a space, or remove the line")
        }
        guard text.count <= Int(UInt16.max) else {
            throw malformed("the value of \(name) is longer than 65535 bytes", remedy: "shorten it")
        }
        guard let string = String(validating: text, as: UTF8.self),
            !string.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw malformed("the value of \(name) is not plain UTF-8 text", remedy: "save the file as UTF-8")
        }
        return string
    }

    /// The rest of the line with its place.
    mutating func located() throws(MosquittoFileError) -> ReferencedText {
        ReferencedText(try text(), location: location)
    }

    /// The rest of the line as a path.
    mutating func file() throws(MosquittoFileError) -> ReferencedFile {
        ReferencedFile(path: try text(), location: location)
    }

    /// The value of a word, if it is a C integer within the range of C's `int`.
    static func integer(_ word: ArraySlice<UInt8>) -> Int? {
        let text = String(decoding: word, as: UTF8.self)
        return text.withCString { start in
            var end: UnsafeMutablePointer<CChar>?
            errno = 0
            let number = strtol(start, &end, 0)
            guard errno == 0, let end, end != start, end.pointee == 0 else { return nil }
            return Int(Int32(exactly: number) ?? (number < 0 ? .min : .max))
        }
    }
}
