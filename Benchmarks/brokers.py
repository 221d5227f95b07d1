"""Brokers that a benchmark starts on fresh stores, loads and ends; shared by Benchmarks/run and Benchmarks/growth."""

import json
import os
import pathlib
import platform
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PACKAGE = pathlib.Path(__file__).resolve().parent.parent
LATCH = PACKAGE / ".build" / "release" / "latch"
START_SECONDS_MAX = 60
LOAD_SECONDS_MAX = 300
FIRST_PUBLISH_SECONDS_MAX = 120


def say(text=""):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    say(f"Benchmarks/{pathlib.Path(sys.argv[0]).name}: {text}")
    sys.exit(1)


def find(name, places=()):
    return shutil.which(name) or next((place for place in places if os.access(place, os.X_OK)), None)


def install(packages):
    """Installs Debian packages, where this user may; what cannot be had is missed by who needs it."""
    elevate = [] if os.geteuid() == 0 else ["sudo", "-n"]
    say(f"Installing {packages} …")
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages.split()]):
        try:
            subprocess.run([*elevate, *environment, "apt-get", "-q", *arguments], check=True, stdout=sys.stderr)
        except (OSError, subprocess.CalledProcessError) as error:
            return say(f"that failed: {error}")


def tool(name, packages, places=(), installs=True):
    """The path of a program, which is installed if it is missing."""
    if not find(name, places) and installs:
        install(packages)
    found = find(name, places)
    if not found:
        fail(f"{name} is missing: " + (f"run 'apt-get install {packages}' first" if installs else packages))
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def reap(process):
    """Waits for a process to end; returns the bytes that it made the kernel write.

    wait4(2) says so, while /proc keeps it to itself for a process that forbids dumps.
    """
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_oublock * 512


class Broker:
    """A broker on a fresh store of its own and a port of its own; ended by its own process id only."""

    name = ""
    ready = " running"

    def __init__(self, directory):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix=f"{self.name}-", dir=directory))
        self.port = free_port()
        self.process = None
        self.log = None
        # By processes that have ended, as the kernel counts what goes to disks.
        self.bytes_written = 0

    def command(self):
        raise NotImplementedError

    def environment(self):
        return os.environ

    def spawn(self):
        """Starts it, and waits for nothing."""
        self.log = open(self.directory / "log", "ab")
        self.process = subprocess.Popen(
            self.command(), env=self.environment(), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log
        )

    def start(self):
        """Starts it, waits until it says that it runs, and returns the seconds that this took."""
        path = self.directory / "log"
        path.touch()
        offset = path.stat().st_size
        began = time.monotonic()
        self.spawn()
        while True:
            with open(path, "rb") as log:
                log.seek(offset)
                text = log.read().decode(errors="replace")
            if self.ready in text:
                return time.monotonic() - began
            if self.process.poll() is not None or time.monotonic() - began > START_SECONDS_MAX:
                fail(f"{self.name} did not start ({self.process.poll()}):\n{text[-2000:]}")
            time.sleep(0.002)

    def end(self, number):
        if self.process and self.process.returncode is None:
            os.kill(self.process.pid, number)
            self.bytes_written += reap(self.process)
        if self.log:
            self.log.close()

    def kill(self):
        self.end(signal.SIGKILL)

    def remove(self):
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def url(self):
        return f"mqtt://127.0.0.1:{self.port}"

    def location(self):
        return self.directory

    def configure(self, lines):
        text = [f"listener {self.port} 127.0.0.1", "allow_anonymous true", "persistence true"]
        text.append(f"persistence_location {self.location()}/")
        if os.geteuid() == 0:
            text.append("user root")
        (self.directory / "mosquitto.conf").write_text("\n".join(text + lines) + "\n")
        return str(self.directory / "mosquitto.conf")


class Latch(Broker):
    name = "latch"

    def __init__(self, directory):
        super().__init__(directory)
        # Limits as for the other: neither may drop what the fan-out sends.
        self.configuration = self.configure(["max_queued_messages 0"])
        self.key = secrets.token_hex(32)

    def command(self):
        return [str(LATCH), "serve", "-c", self.configuration]

    def environment(self):
        return dict(os.environ, LATCH_KEY=self.key)


def load(broker, *arguments, payload_bytes=200, prefix=()):
    """Puts one load on a broker and returns the report.

    prefix: of the command, as taskset(1) and what it is told.
    """
    command = [*prefix, str(LATCH), "bench", "load", "--url", broker.url(), "--json", "--pid", str(broker.process.pid)]
    command += ["--payload-bytes", str(payload_bytes)]
    done = subprocess.run(
        command + list(arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LOAD_SECONDS_MAX
    )
    if done.returncode != 0:
        fail(f"the load on {broker.name} failed with exit code {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def first_publish_seconds(port):
    """Waits until a broker at this port acknowledges a retained message at QoS 1; the port may not be open yet."""
    began = time.monotonic()
    connect = b"\x10\x11\x00\x04MQTT\x04\x02\x00\x00\x00\x05first"
    publish = b"\x33\x0c\x00\x07started\x00\x01x"

    def answer(connection, packet, kind):
        connection.sendall(packet)
        head = connection.recv(4, socket.MSG_WAITALL)
        if len(head) != 4 or head[0] != kind:
            fail(f"the broker at port {port} answers {head!r}")

    while time.monotonic() - began < FIRST_PUBLISH_SECONDS_MAX:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=FIRST_PUBLISH_SECONDS_MAX) as connection:
                answer(connection, connect, 0x20)
                answer(connection, publish, 0x40)
                return time.monotonic() - began
        except (ConnectionRefusedError, ConnectionResetError):
            time.sleep(0.001)
    fail(f"no broker at port {port} after {FIRST_PUBLISH_SECONDS_MAX} s")


def build():
    """Builds the release program."""
    swift = tool("swift", "a Swift 6.3 toolchain is no Debian package; without a release build it is needed", installs=False)
    say("Building the release broker …")
    if subprocess.run([swift, "build", "-c", "release", "--product", "latch"], cwd=PACKAGE, stdout=sys.stderr).returncode:
        fail("the release build failed")


def processor():
    with open("/proc/cpuinfo") as information:
        names = [line.split(":", 1)[1].strip() for line in information if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def machine(directory):
    """What the figures belong to."""
    with open("/proc/meminfo") as information:
        kilobytes = int(next(line for line in information if line.startswith("MemTotal")).split()[1])
    found = subprocess.run(["findmnt", "-no", "FSTYPE,SOURCE", "-T", str(directory)], capture_output=True, text=True)
    return {
        "processors": len(os.sched_getaffinity(0)),
        "processor": processor(),
        "memoryGigabytes": round(kilobytes / 1e6),
        "disk": " on ".join(found.stdout.split()[:2]) or "unknown file system",
        "kernel": platform.release(),
    }


def machine_text(machine):
    """The same in words."""
    return (
        f"{machine['processors']} × {machine['processor']}, {machine['memoryGigabytes']} GB of memory, "
        f"{machine['disk']}, Linux {machine['kernel']}"
    )


def markdown(rows):
    """A table: the first row is its heading, the first column its text, the others figures."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---" + "|---:" * (len(rows[0]) - 1) + "|")
    return "\n".join(lines)
