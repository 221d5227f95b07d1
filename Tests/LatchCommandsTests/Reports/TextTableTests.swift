import Testing

@testable import LatchCommands

@Suite struct TextTableTests {
    @Test func columnsAreAsWideAsTheirWidestCell() {
        var table = TextTable(heading: ["policy", "rate"])
        table.add(["always", "123,456"])
        table.add(["–", "1"])
        #expect(table.text == "policy     rate\n---------------\nalways  123,456\n–             1")
    }
}
