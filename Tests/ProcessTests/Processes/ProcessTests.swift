import Testing

/// Everything that starts the program as a user does; one test at a time, because each wants the machine for itself.
///
/// The broker is the release build of this package. `LATCH_TEST_BROKER` names another program in its place: with
/// `/usr/sbin/mosquitto` the tests show what they ask of the broker that Latch replaces, and their own faults.
@Suite(.serialized) enum ProcessTests {}

/// The same, for what is done to a store, by commands and by whoever kills its broker: mostly waiting for a disk or a process, so that it
/// goes on beside the others.
@Suite(.serialized) enum StoreProcessTests {}
