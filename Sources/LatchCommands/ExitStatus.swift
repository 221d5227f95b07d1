/// What the process's exit code tells a script; the numbers never change their meaning.
///
/// Every message on standard error that accompanies one of these says what is wrong, where, and what to do.
public enum ExitStatus: Int32, Sendable {
    case fine = 0
    /// The command line was not understood.
    case usage = 1
    /// A configuration file, ACL file or password file cannot be honoured as it stands.
    case configuration = 2
    /// The key is missing or is not the one that the store wants.
    case key = 3
    /// The store is damaged, or does not hold what it must hold.
    case damagedStore = 4
    /// Another process has the store open.
    case busyStore = 5
    /// A listener's address is taken.
    case addressInUse = 6
    /// Reading, writing or the network failed.
    case inputOutput = 7
}
