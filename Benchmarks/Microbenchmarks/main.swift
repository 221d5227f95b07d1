import Glibc

// Microbenchmarks NAME COUNT: does one kind of work so many times. Its instructions are counted from outside
// (Benchmarks/instructions), at two counts, so that setting up cancels out.
let names = Microbenchmark.all.map(\.name)
guard CommandLine.arguments.count == 3, let count = Int(CommandLine.arguments[2]), count > 0,
    let benchmark = Microbenchmark.all.first(where: { $0.name == CommandLine.arguments[1] })
else {
    if CommandLine.arguments.dropFirst().first == "list" {
        print(names.joined(separator: "\n"))
        exit(0)
    }
    print("usage: Microbenchmarks list | NAME COUNT\n\(names.joined(separator: "\n"))")
    exit(1)
}
// Printed, so that no compiler finds out that nobody wants the result.
print(try benchmark.run(count))
