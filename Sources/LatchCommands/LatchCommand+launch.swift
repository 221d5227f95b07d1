import ArgumentParser
public import Authentication
import Glibc

extension LatchCommand {
    /// The arguments, with the word that a program called `mosquitto` leaves out.
    ///
    /// - Parameter words: as the process got them, its own name first.
    static func arguments(_ words: [String]) -> [String] {
        let name = words.first?.split(separator: "/").last
        return (name == "mosquitto" ? ["serve"] : []) + words.dropFirst()
    }

    /// Runs the program with the process's arguments and ends the process with one of ``ExitStatus``.
    ///
    /// - Parameter tokens: what knows about JWT; commands that have to do with them find it in ``webTokens``.
    public static func launch(tokens: any WebTokenSupport) async -> Never {
        do {
            var command = try parseAsRoot(arguments(CommandLine.arguments))
            if var waiting = command as? any AsyncParsableCommand {
                try await $webTokens.withValue(tokens) { try await waiting.run() }
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            StandardError.writeLine("latch: \(failure)")
            Glibc.exit(failure.status.rawValue)
        } catch {
            // The parser's own code for a command line that it does not understand is 64.
            if exitCode(for: error) == .validationFailure {
                StandardError.writeLine(fullMessage(for: error))
                Glibc.exit(ExitStatus.usage.rawValue)
            }
            exit(withError: error)
        }
        Glibc.exit(ExitStatus.fine.rawValue)
    }
}
