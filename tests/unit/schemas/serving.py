"""A placet-serve of its own, over the index of tests/unit/serve/make_sample.c, for whoever asks the whole program."""
import http.client
import os
import re
import shutil
import signal
import subprocess
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build", "release", "bin"))
# Root is locked into site/public, where the leak checker cannot read /proc: with it, the program is an ordinary user's.
CHECKED = "detect_leaks=1" in os.environ.get("ASAN_OPTIONS", "") and os.geteuid() == 0
SAMPLE = os.path.join(os.path.dirname(BIN), "tests", "serve_sample")


class Serve:
    """with Serve("[serve]\\nconnections = 100\\n") as serve: serve.get("/healthz")"""

    def __init__(self, conf=""):
        self.conf = conf
        self.twice = set()  # headers that an answer had more than once

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="placet-serving-")
        self.site = os.path.join(self.folder, "site")
        os.makedirs(self.site)
        os.chmod(self.folder, 0o755)
        self.public = os.path.join(self.site, "public")
        subprocess.run([SAMPLE, self.public], check=True, stdout=subprocess.DEVNULL)
        os.chmod(self.public, 0o755)
        with open(os.path.join(self.site, "placet.conf"), "w", encoding="utf-8") as out:
            out.write("[site]\nlanguages = en de pl ja\n" + self.conf)
        os.mkdir(os.path.join(self.site, "spool"), 0o700)
        self.program = os.path.join(BIN, "placet-serve")
        if CHECKED:
            self.program = shutil.copy(self.program, self.folder)  # the build may lie where nobody may walk
            for path in (self.public, os.path.join(self.site, "spool")):
                shutil.chown(path, "nobody")
        self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8")
        self.start()
        return self

    def start(self):
        self.process = subprocess.Popen([self.program, self.site, "--listen", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, user="nobody" if CHECKED else None)
        line = self.process.stdout.readline()
        if "listening on" not in line:
            raise RuntimeError("placet-serve did not start")
        self.port = int(re.search(r":(\d+)\s*$", line).group(1))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def __exit__(self, *what):
        self.stop()
        self.log.close()
        shutil.rmtree(self.folder)

    def withdraw(self):
        """The photo of the examples goes, as the office would do it."""
        subprocess.run([SAMPLE, self.public, "withdraw"], check=True, stdout=subprocess.DEVNULL)

    def logged(self):
        with open(self.log.name, encoding="utf-8") as text:
            return text.read()

    def cpu(self):
        """Seconds of processor time, of all its threads; the kernel counts nanoseconds."""
        tasks = f"/proc/{self.process.pid}/task"
        total = 0
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/schedstat", encoding="ascii") as text:
                total += int(text.read().split()[0])
        return total / 1e9

    def anonymous(self):
        """MiB of its own memory: what is not the page cache's."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as lines:
            return int(re.search(r"RssAnon:\s+(\d+)", lines.read()).group(1)) / 1024

    def ask(self, path, method="GET", headers=None, body=None):
        """(status, headers with small letters, body) on a connection of its own; the path goes out as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            names = [name.lower() for name, _ in answer.getheaders()]
            self.twice |= {(path.split("?")[0], name) for name in names if names.count(name) > 1}
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()
