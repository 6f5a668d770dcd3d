#!/usr/bin/env python3
"""Which tests are there, and what did they say? Runs every test program, counts the lines of their TAP, prints what failed."""
import concurrent.futures
import os
import re
import subprocess
import sys
import time

import guard

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ASAN, RELEASE = os.path.join(TOP, "build/asan"), os.path.join(TOP, "build/release")
TIMEOUT = 1200


def programs(folder, prefixes):
    there = os.path.join(folder, "tests")
    names = sorted(os.listdir(there)) if os.path.isdir(there) else []
    return [os.path.join(there, n) for n in names if n.startswith(prefixes) and os.access(os.path.join(there, n), os.X_OK)]


def plan():
    """(name, command, environment) of everything; the long ones first, so that the last does not run alone."""
    asan = {
        "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
        "LSAN_OPTIONS": 'suppressions="%s":print_suppressions=0' % os.path.join(TOP, "tests/lsan.supp"),  # quoted: a blank parts options
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "G_SLICE": "always-malloc",
        "G_DEBUG": "gc-friendly",
        "PLACET_BIN": os.path.join(ASAN, "bin"),
    }
    release = {"PLACET_BIN": os.path.join(RELEASE, "bin")}
    tests = [("scenario", [sys.executable, "tests/scenario/play.py"], release)]
    tests += [("restore", [sys.executable, "tests/restore/test_restore.py"], release)]
    tests += [("doctor", [sys.executable, "tests/doctor/test_doctor.py"], release)]
    tests += [("release/" + os.path.basename(p), [p, "--tap"], release) for p in programs(RELEASE, ("test_pool_", "test_worker_"))]
    tests += [(os.path.basename(p), [p, "--tap"], asan) for p in programs(ASAN, ("test_", "contract_", "fuzz_"))]
    tests.append(("load", [sys.executable, "tests/load/test_load.py"], release))
    tests.append(("load/serve", [sys.executable, "tests/load/test_serve.py"], release))
    tests.append(("render", [sys.executable, "tests/render/test_render.py"], release))
    tests.insert(1, ("erase", [sys.executable, "tests/erase/test_erase.py"], release))
    for script in sorted(os.listdir(os.path.join(TOP, "tests/unit/schemas"))):
        if script.startswith("test_") and script.endswith(".py"):
            tests.append(("schemas/" + script[5:-3], [sys.executable, "tests/unit/schemas/" + script], release))
    tests.insert(2, ("golden/facts", [sys.executable, "tests/golden/test_facts.py"], release))
    # Every route, and all bad input, once more under the sanitizers; in the end the server itself looks for leaks.
    tests.append(("schemas/api of the sanitizers", [sys.executable, "tests/unit/schemas/test_api.py"], asan))
    for script in sorted(os.listdir(os.path.join(TOP, "tests/rights"))):
        if script.startswith("test_") and script.endswith(".py"):
            tests.append(("rights/" + script[5:-3], [sys.executable, "tests/rights/" + script], release))
    tests.insert(1, ("browser", [sys.executable, "tests/browser/test_browser.py"], release))
    tests.append(("language", [sys.executable, "tests/language/test_detect.py"], release))
    tests.append(("language/training", [sys.executable, "tests/language/test_training.py"], release))
    if os.environ.get("PLACET_TEST_ALL") == "1":
        tests.append(("language/figures", [sys.executable, "tests/bench/language/bench.py", "--check"], release))
        tests.insert(0, ("golden/corpora", [sys.executable, "tests/golden/test_corpora.py"], release))
        tests.append(("rights/mutations", [sys.executable, "tests/rights/mutate.py"], {}))
    for check in ("check-layers", "check-code", "check-binaries"):
        tests.append(("tools/" + check, ["tools/" + check], release))
    return tests


def run(test):
    name, command, extra = test
    started = time.monotonic()
    try:
        done = subprocess.run(command, cwd=TOP, env={**os.environ, **extra}, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=TIMEOUT, check=False)
        status, out, err = done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as late:
        status, out, err = 124, (late.stdout or b"").decode("utf-8", "replace"), "no end after %d s" % TIMEOUT
    return name, status, out, err, time.monotonic() - started


def judge(name, status, out):
    """(passed, [failed], [skipped]) of one program; one that prints no TAP is one test."""
    lines = re.findall(r"^(ok|not ok) (\d+)(?: -)? ?(.*)$", out, re.M)
    passed, failed, skipped = 0, [], []
    for word, _, what in lines:
        if "# SKIP" in what:
            skipped.append(what)
        elif word == "ok":
            passed += 1
        else:
            failed.append(what)
    planned = re.search(r"^1\.\.(\d+)(?: *# *SKIP *(.*))?$", out, re.M)
    if not lines and not planned:
        return (1, [], []) if status == 0 else (0, ["exit status %d" % status], [])
    if planned and planned.group(2):
        skipped.append("all of it # SKIP " + planned.group(2))
    if planned and int(planned.group(1)) != len(lines):
        failed.append("%d of %s tests were run (exit status %d)" % (len(lines), planned.group(1), status))
    elif status != 0 and not failed:
        failed.append("exit status %d after the last test" % status)
    return passed, failed, skipped


def main():
    words = [w for w in sys.argv[1:] if not w.startswith("-")]
    if "--all" in sys.argv:
        os.environ["PLACET_TEST_ALL"] = "1"
    tests = [t for t in plan() if not words or any(w in t[0] for w in words)]
    if not tests:
        print("tools/test: no test's name contains " + " or ".join(words), file=sys.stderr)
    passed, failed, skipped = 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for name, status, out, err, seconds in pool.map(run, tests):
            p, f, s = judge(name, status, out)
            passed, failed, skipped = passed + p, failed + len(f), skipped + len(s)
            print("%-44s %4d passed%s%s  %.1f s" % (name, p, ", %d FAILED" % len(f) if f else "",
                                                    ", %d skipped" % len(s) if s else "", seconds), flush=True)
            for what in s:
                print("    skipped: " + what)
            for what in f:
                print("    FAILED: " + what)
            if f:
                print("\n".join("    | " + line for line in (out + err).splitlines()[-60:]))
    for what in guard.left_behind():
        failed += 1
        print("FAILED: " + what)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(guard.guarded(main))
