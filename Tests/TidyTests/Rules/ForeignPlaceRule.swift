/// The tree names no directory of one machine and no registry's host: it must build wherever it is cloned.
struct ForeignPlaceRule: TidyRule {
    // In pieces, so that this file passes its own rule.
    private static let places = [
        "/wo" + "rk/", "/ro" + "ot/", "/home" + "/", "/Use" + "rs/", "py" + "pi", "npm" + "js", "deb.deb" + "ian",
        "crates" + ".io", "proxy.gol" + "ang",
    ]

    func violations(in file: SourceFile) -> [Violation] {
        lines(of: file) { line in Self.places.first { line.contains($0) }.map { "names \($0)" } }
    }
}
