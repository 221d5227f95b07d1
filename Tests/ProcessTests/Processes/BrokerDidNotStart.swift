/// A broker ended before it said that it runs.
struct BrokerDidNotStart: Error {
    let exit: Exit
}
