#!/usr/bin/env python3
"""Does placet doctor tell each fault it knows, in one line with what to do, and none where nothing is wrong?

The real programs on copies of one site in a temporary folder. What a machine lacks is made believe: a library of ours takes the place
of a function (LD_PRELOAD). Prints TAP; $PLACET_BIN names the programs' folder.
"""
import glob
import http.server
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/support"))
import tap  # noqa: E402
from damage import change  # noqa: E402

BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))
DEMO = os.path.join(TOP, "tests/data/demo")
FOLDER = tempfile.mkdtemp(prefix="placet-doctor.")
HEALTHY = {"sources", "controller", "public_url"}  # that warn on a new site, and are set here
ROOT = os.geteuid() == 0
os.chmod(FOLDER, 0o755)


def placet(*words, binary=BIN, **more):
    return subprocess.run([os.path.join(binary, "placet"), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False, **more)


def done(*words):
    said = placet(*words)
    assert said.returncode == 0, "placet %s: exit status %d\n%s%s" % (" ".join(words), said.returncode, said.stdout, said.stderr)
    return said.stdout


def doctor(*words, status=0, **more):
    """{check: (state, text, remedy)}, the worst of each; the exit status is that of the faults."""
    said = placet("doctor", *words, "--json", **more)
    assert said.returncode == status and not said.stderr, "exit status %d, not %d\n%s%s" % (said.returncode, status, said.stdout, said.stderr)
    answer = json.loads(said.stdout)
    found = {}
    for check in answer["checks"]:
        order = ("ok", "warning", "fault")
        if order.index(check["state"]) >= order.index(found.get(check["check"], ("ok",))[0]):
            found[check["check"]] = (check["state"], check["text"], check["remedy"])
        assert (check["remedy"] is None) == (check["state"] == "ok"), check
    assert answer["ok"] == (status == 0) and (answer["faults"] > 0) == (status == 1), answer
    return found


def told(found, check, state, pattern, but=("clock",)):
    """That check says so, and no other but those is worse than it was."""
    assert check in found and found[check][0] == state and re.search(pattern, found[check][1]), (check, found.get(check))
    others = {name: what for name, what in found.items() if what[0] != "ok" and name not in (check, "office", *but)}
    assert not others, others


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings(site, **values):
    path = os.path.join(site, "placet.conf")
    with open(path, encoding="utf-8") as conf:
        text = conf.read()
    for key, value in values.items():
        text, n = re.subn(r"(?m)^%s *=.*$" % key, "%s = %s" % (key, value), text)
        assert n == 1, key
    with open(path, "w", encoding="utf-8") as conf:
        conf.write(text)


def make():
    site = os.path.join(FOLDER, "first")
    done("init", site)
    settings(site, listen="127.0.0.1:%d" % free_port(), controller="Waldrand GmbH", public_url="https://reviews.waldrand.example")
    with open(site + "/placet.conf", "a", encoding="utf-8") as conf:
        conf.write("\n[source shop-form]\nconsents = trusted\n")
    done("ingest", site, os.path.join(DEMO, "01-de-tent-pdp-only"), os.path.join(DEMO, "02-en-tent-ads-de-at"))
    done("approve", site, "demo-01", "demo-02")
    return site


FIRST = None


def copy(name):
    global FIRST
    FIRST = FIRST or make()
    site = os.path.join(FOLDER, name)
    shutil.copytree(FIRST, site)
    return site


def files(site):
    """All there is, and its bytes; not what SQLite keeps beside a database for its readers."""
    found = {}
    for path in glob.glob(site + "/**", recursive=True, include_hidden=True):
        if not path.endswith(("-shm", "-wal")):
            with open(path, "rb") if os.path.isfile(path) else open(os.devnull, "rb") as file:
                found[path] = (os.lstat(path).st_mode, file.read())
    return found


def one(pattern):
    return sorted(glob.glob(pattern))[0]


def test_a_machine_and_a_site_in_order_have_no_fault_and_a_line_for_each_check():
    site = copy("whole")
    before = files(site)
    found = doctor(site)
    assert files(site) == before, "it changed something"
    assert {name for name, what in found.items() if what[0] != "ok"} <= {"office", "clock"}, found
    assert found["office"][0] == "warning" and HEALTHY <= set(found), found
    said = placet("doctor", site)
    lines = said.stdout.splitlines()
    assert said.returncode == 0 and len(lines) == len(found) + 1, said.stdout
    assert all(re.fullmatch(r"(ok      |warning |fault   ) [a-z_]+ +[^ ].*[^.]\.", line) for line in lines[:-1]), said.stdout
    assert re.fullmatch(r"\d+ checks: 0 faults, \d+ warnings?\.", lines[-1]), lines[-1]


def test_before_there_is_a_site_the_machine_alone_is_looked_at():
    found = doctor(cwd=FOLDER)
    assert {"worker", "sandbox", "libraries", "icu", "presets", "clock", "limits"} == set(found), found
    told(doctor(FOLDER, status=1), "site", "fault", "no placet.conf")
    told(doctor(FOLDER + "/nosuch", status=1), "site", "fault", "cannot be opened")


def test_a_new_site_is_told_what_to_set_before_it_goes_live():
    site = os.path.join(FOLDER, "new")
    done("init", site)
    settings(site, listen="127.0.0.1:%d" % free_port())
    found = doctor(site)
    assert all(found[name][0] == "warning" for name in HEALTHY), found


def test_with_an_office_running_its_server_is_asked():
    site = copy("running")
    with open(os.path.join(FOLDER, "office.log"), "wb") as log:
        office = subprocess.Popen([os.path.join(BIN, "placet"), "run", site], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        end = time.monotonic() + 30
        while "answers at" not in doctor(site)["serve"][1]:
            assert office.poll() is None and time.monotonic() < end, "no server"
            time.sleep(0.1)
        found = doctor(site)
        assert {name for name, what in found.items() if what[0] != "ok"} <= {"clock"}, found
        settings(site, listen="127.0.0.1:%d" % free_port())  # it was told another address
        told(doctor(site), "serve", "warning", "An office runs, but nothing answers")
        settings(site, listen="127.0.0.1:0")
        found = doctor(site)["serve"]
        assert found[0] == "ok" and "the office's log" in found[1], found
        office.send_signal(signal.SIGSTOP)  # as one that is at something long
        found = doctor(site)
        assert found["office"][0] == "warning" and "did not answer" in found["office"][1], found["office"]
    finally:
        office.send_signal(signal.SIGCONT)
        office.send_signal(signal.SIGTERM)
        office.wait(30)


def test_faults_of_files():
    def write(site, path, text):
        os.makedirs(os.path.dirname(os.path.join(site, path)), exist_ok=True)
        with open(os.path.join(site, path), "w", encoding="utf-8") as file:
            file.write(text)

    rows = (  # what is done to a site; the check; what it says; what else cannot be well then
        ("a wrong key", lambda s: write(s, "placet.conf", "[site]\nnmae = x\n"), "settings", "nmae", ()),
        ("no order number", lambda s: settings(s, order_numbers="AAAA"), "site", '"AAAA" is not how order numbers are written', ()),
        ("no channel", lambda s: settings(s, channels="pdp tv"), "site", '"tv" is no channel', ()),
        ("no language", lambda s: settings(s, languages="en klingon1234567"), "site", '"klingon1234567" is no language', ("languages",)),
        ("a folder gone", lambda s: shutil.rmtree(s + "/spool"), "folders", "spool is not there", ("spool", "modes")),
        ("keys open to all", lambda s: os.chmod(s + "/keys", 0o755), "modes", "keys has the mode 0755", ()),
        ("a list of words", lambda s: write(s, "words/x.json", "{"), "words", "x.json", ()),
        ("a placement", lambda s: write(s, "placements/x.json", "[]"), "site", "x.json", ()),
        ("a policy", lambda s: write(s, "policy.json", '{"version":1}'), "site", "policy.json", ()),
        ("terms", lambda s: write(s, "terms/x.json", "{}"), "site", "x.json", ()),
        ("no catalog", lambda s: [os.remove(p) for p in glob.glob(s + "/catalog.db*")], "site", "catalog.db", ()),
        ("the ledger", lambda s: change(s + "/catalog.db", "UPDATE ledger SET event = replace(event, 'approved', 'rejected') WHERE event LIKE '%approved%'"),
         "ledger", "", ("index", "checkpoints")),
        ("a checkpoint", lambda s: change(s + "/catalog.db", "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)"), "checkpoints", "", ("index", "ledger")),
        ("an original", lambda s: os.remove(one(s + "/vault/*/*")), "vault", "is missing", ()),
        ("a key", lambda s: os.remove(one(s + "/keys/[0-9A-Z]*.key")), "keys", "is missing", ("vault",)),
        ("a rendition", lambda s: os.remove(one(s + "/public/assets/*/*")), "files", "cannot be opened", ("index",)),
        ("an index that lacks something", lambda s: change(s + "/public/index.db", "DELETE FROM segment"), "index", "", ()),
        ("no index", lambda s: [os.remove(p) for p in glob.glob(s + "/public/index.db*")], "lease", "cannot be read", ("index", "modes")),
        ("the lease", lambda s: change(s + "/public/index.db", "UPDATE meta SET renewed_at = 1, lease_ms = 2"), "lease", "ran out", ()),
        ("the clock", lambda s: change(s + "/public/index.db", "UPDATE meta SET published_at = published_at + 86400000"), "clock", "set back", ("index", "lease")),
        ("the inbox", lambda s: os.remove(s + "/inbox/.placet-inbox"), "inbox", "unmounted", ()),
        ("a full spool", lambda s: [write(s, "spool/r-%026d.json" % i, "") for i in range(9000)], "spool", "no more reports", ()),
    )
    for what, harm, check, says, also in rows:
        site = copy("files-" + what.replace(" ", "-"))
        harm(site)
        told(doctor(site, status=1), check, "fault", says, ("clock", *also))
        shutil.rmtree(site)


def test_another_user_than_the_sites():
    if not ROOT:
        return "becoming another user takes root"
    site, installed = copy("another-user"), os.path.join(FOLDER, "installed")
    shutil.copytree(BIN, installed + "/bin")  # that user may not even look into the folder of the programs, where it is root's own
    shutil.copytree(os.path.join(TOP, "presets"), installed + "/share/placet/presets")
    nobody = {"user": 65534, "binary": installed + "/bin"}
    os.chmod(site, 0o700)
    told(doctor(site, status=1, **nobody), "site", "fault", "cannot be opened")
    os.chmod(site, 0o755)
    told(doctor(site, status=1, **nobody), "settings", "fault", "user 65534 may not read")
    for folder, _, names in os.walk(site):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            os.chown(path, 65534, -1)
    os.chown(site + "/vault", 0, -1)
    told(doctor(site, status=1, **nobody), "folders", "fault", "vault belongs to the user 0", ("clock", "site", "vault"))


def test_warnings_of_a_site():
    stale = int(time.time() * 1000) - 2 * 3600 * 1000
    rows = (
        ("stale", "public/index.db", "UPDATE meta SET renewed_at = %d, lease_ms = 864000000, published_at = 1" % stale, "lease", "not seen for an hour"),
        ("jobs", "catalog.db", "INSERT INTO job VALUES ('A', 'render', 'B', 0, 0, 2, 0, 9, NULL, 0, 'io')", "queue", "1 jobs were given up"),
    )
    for name, file, statement, check, says in rows:
        site = copy("warn-" + name)
        change(os.path.join(site, file), statement)
        told(doctor(site), check, "warning", says)


def test_a_language_that_nothing_is_said_in():
    site = copy("languages")
    settings(site, languages="lt-LT nn pt-BR bg")
    found = doctor(site)
    told(found, "languages", "warning", "pages in: lt-LT, bg$", ("clock", "index"))
    told(found, "index", "warning", "changed since what is shown was decided", ("clock", "languages"))
    said = placet("verify", site, "--quick")
    assert said.returncode == 0 and "note: placet.conf, the policy or placements were changed since" in said.stdout, said
    settings(site, languages="no en-GB uk")
    done("index", "rebuild", site)
    assert doctor(site)["languages"][0] == "ok"


def test_an_address_that_another_program_has():
    site = copy("taken")
    port = free_port()
    settings(site, listen="127.0.0.1:%d" % port)
    with socket.socket() as taken:  # listens, and never answers
        taken.bind(("127.0.0.1", port))
        taken.listen()
        told(doctor(site, status=1), "serve", "fault", "127.0.0.1:%d: Address already in use" % port)
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"status":"ok"}')

        def log_message(self, *words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", port), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told(doctor(site, status=1), "serve", "fault", "Another program answers")
    server.shutdown()
    server.server_close()
    settings(site, listen="off")
    assert doctor(site)["serve"][0] == "ok"
    if ROOT:
        settings(site, listen="127.0.0.1:%d" % port, user="root")
        told(doctor(site, status=1), "serve", "fault", "no ordinary user")
    settings(site, listen="192.0.2.1:80", user="nobody")
    told(doctor(site, status=1), "serve", "fault", "192.0.2.1:80")


def test_what_a_machine_lacks():
    placed = os.path.join(FOLDER, "bin")
    os.mkdir(placed)
    shutil.copy(os.path.join(BIN, "placet"), placed)
    told(doctor(cwd=FOLDER, status=1, binary=placed), "worker", "fault", "placet-worker")
    with open(placed + "/placet-worker", "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexit 3\n")
    os.chmod(placed + "/placet-worker", 0o755)
    told(doctor(cwd=FOLDER, status=1, binary=placed), "worker", "fault", "ended with status 3")
    told(doctor(cwd=FOLDER, status=1, env={**os.environ, "PLACET_PRESETS": FOLDER}), "presets", "fault", "")

    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))

    told(doctor(cwd=FOLDER, preexec_fn=few), "limits", "warning", "1024 open files")


def preload(name, source):
    path = os.path.join(FOLDER, name + ".so")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", path, "-xc", "-"], input=source.encode(), check=True)
    return path


def test_libraries_and_sandbox_that_are_made_believe():
    if shutil.which("cc") is None or "asan" in BIN:
        return "no cc, or programs with sanitizers"
    old = preload("old", 'const char *sqlite3_libversion(void) { return "3.30.1"; }')
    told(doctor(cwd=FOLDER, status=1, env={**os.environ, "LD_PRELOAD": old}), "libraries", "fault", "SQLite 3.30.1 is too old")
    for state, result in ((5, "warning"), (0, "ok")):
        clock = preload("clock%d" % state, "int adjtimex(void *state) { (void)state; return %d; }" % state)
        assert doctor(cwd=FOLDER, env={**os.environ, "LD_PRELOAD": clock})["clock"][0] == result
    name = re.search(r"uldn_regionDisplayName\w*", subprocess.run(["nm", "-D", os.path.join(BIN, "placet")], capture_output=True, text=True, check=True).stdout)[0]
    icu = preload("icu", "int %s(void *a, const char *b, void *c, int d, int *e) { *e = 1; return 0; }" % name)
    told(doctor(cwd=FOLDER, status=1, env={**os.environ, "LD_PRELOAD": icu}), "icu", "fault", "cut down")
    placed = os.path.join(FOLDER, "believe")
    os.mkdir(placed)
    shutil.copy(os.path.join(BIN, "placet"), placed)
    # The worker asks twice: for the module beside the library that answers, and for what it tells the office, where it is lied to.
    lie = ("#define _GNU_SOURCE\n#include <dlfcn.h>\nstatic int n; int vips_version(int part) { if (part == 1 && ++n > 1) return %d;"
           'return ((int (*)(int))dlsym(RTLD_NEXT, "vips_version"))(part); }')
    for module in glob.glob("/usr/lib/*/vips-modules-8.*"):
        os.symlink(module, os.path.join(FOLDER, os.path.basename(module)))
    rows = (
        ("vips", lie % 13, 1, "libraries", "fault", "libvips 8.13.[0-9] is too old"),
        ("newer", lie % 18, 0, "libraries", "warning", "newer than any"),
        ("webp", "int WebPGetFeaturesInternal(void) { return 3; } int WebPDecode(void) { return 3; }", 1, "worker", "fault", "sound WebP photo"),
        ("lsm", "#define _GNU_SOURCE\n#include <errno.h>\n#include <stdarg.h>\n#include <dlfcn.h>\nlong syscall(long n, ...) { long a[6]; va_list v; va_start(v, n);"
         "for (int i = 0; i < 6; i++) a[i] = va_arg(v, long); va_end(v); if (n == 444) { errno = ENOSYS; return -1; }"
         "return ((long (*)(long, ...))dlsym(RTLD_NEXT, \"syscall\"))(n, a[0], a[1], a[2], a[3], a[4], a[5]); }", 0, "sandbox", "warning", "no Landlock"),
    )
    for name, source, status, check, state, says in rows:
        with open(placed + "/placet-worker", "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\nLD_PRELOAD=%s exec "%s/placet-worker" "$@"\n' % (preload(name, source), BIN))
        os.chmod(placed + "/placet-worker", 0o755)
        told(doctor(cwd=FOLDER, status=status, binary=placed), check, state, says)


def test_a_disk_that_is_full_and_a_folder_on_another():
    if not ROOT:
        return "mounting takes root"
    site, small = copy("other-disk"), os.path.join(FOLDER, "small")
    mounted = []

    def mount(at, size):
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dk,mode=0700" % size, "tmpfs", at], capture_output=True, check=False).returncode != 0:
            return False
        mounted.append(at)
        return True

    try:
        if not mount(site + "/inbox", 1024):
            return "no mount here"
        told(doctor(site, status=1), "folders", "fault", "inbox lies on another file system", ("clock", "inbox"))
        os.mkdir(small)
        mount(small, 60 * 1024)
        shutil.copytree(FIRST, small + "/site")
        told(doctor(small + "/site"), "disk", "warning", "MB are free")
        with open(small + "/fill", "wb") as file:
            file.write(bytes(os.statvfs(small).f_bavail * os.statvfs(small).f_frsize - (20 << 20)))
        told(doctor(small + "/site", status=1), "disk", "fault", "nothing is taken in")
    finally:
        for at in mounted:
            subprocess.run(["umount", "--lazy", at], check=False)


def test_wrong_usage_is_one_sentence():
    said = placet("doctor", "a", "b")
    assert said.returncode == 2 and not said.stdout and said.stderr.count("\n") == 1, said


if __name__ == "__main__":
    try:
        sys.exit(tap.run(globals()))
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
