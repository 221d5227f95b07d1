import ArgumentParser

/// Ends a bench command: the message on standard error, the status to the caller.
enum BenchFailure {
    static func exit(_ failure: LoadFailure) -> ExitCode {
        StandardError.writeLine("latch bench: \(failure)")
        return ExitCode(failure.exitStatus.rawValue)
    }
}
