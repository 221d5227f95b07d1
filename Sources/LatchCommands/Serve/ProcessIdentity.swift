import Glibc
import Logging

/// The account that the broker runs as.
enum ProcessIdentity {
    /// Gives up root for `user`, before any file of the store is touched and before any thread is started.
    static func changeUser(to user: String?, logger: Logger) throws(CommandFailure) {
        guard geteuid() == 0 else { return }
        guard let user else {
            logger.warning("running as root: nothing here needs it; name an account with user")
            return
        }
        guard user != "root" else { return }
        guard let account = getpwnam(user) else {
            throw CommandFailure(.configuration, "user \(user): there is no such account; create it or name another")
        }
        let (uid, gid) = (account.pointee.pw_uid, account.pointee.pw_gid)
        guard initgroups(user, gid) == 0, setgid(gid) == 0, setuid(uid) == 0 else {
            throw CommandFailure(.inputOutput, "cannot become \(user): \(String(cString: strerror(errno)))")
        }
    }
}
