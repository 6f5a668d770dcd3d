"""Is an erasure that was killed between any two of its steps finished at the next start, never half-done, never visible again?"""
import os
import re
import shutil
import subprocess

from ground import Office, PLACET, copy_site, environment, placet, search

# Whatever changes a file for good goes through one of these; between two of them a crash is the same as at either.
CALLS = ("pwrite64", "write", "ftruncate", "fsync", "fdatasync", "unlinkat", "renameat2", "unlink")
BY_DEFAULT = 16  # of all the steps; all of them with PLACET_TEST_ALL=1


def traced(site, who, *words):
    return subprocess.run(["strace", "-o", site + ".trace", "-e", "trace=" + ",".join(CALLS), *words, PLACET, "erase", site, who], check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120, env=environment(ASAN_OPTIONS="detect_leaks=0")).returncode


def steps(site, who):
    """[(call, n-th of its kind)] of one whole erasure, in order, from the first on that is about the erasure."""
    traced(site, who)
    seen, found = {}, []
    with open(site + ".trace", encoding="utf-8", errors="replace") as trace:
        for line in trace:
            call = re.match(r"([a-z0-9]+)\(", line)
            if call and call[1] in CALLS:
                seen[call[1]] = seen.get(call[1], 0) + 1
                found.append((call[1], seen[call[1]]))
    return found


def state(site, marks):
    """"before" if nothing was recorded, "erased" if nothing is left, else what is wrong."""
    found = search(site, marks)
    recorded = placet("list", site, "--state", "erased", "--json").json()["items"]
    if not recorded:
        return "before" if found else "neither recorded nor there"
    return "erased" if not found else "\n".join(found)


def finished(site, marks, log):
    """What the next office makes of it: all, or nothing at all."""
    was_recorded = bool(placet("list", site, "--state", "erased", "--json").json()["items"])
    office = Office(site, log)
    try:
        office.until(lambda: placet("status", site, "--json").json()["jobs"]["waiting"] == 0)
        status, lists = office.get("/v1/products/TENT-2P/reviews?territory=DE")
    finally:
        office.close()
    after = state(site, marks)
    seen = status != 200 or b"CANARY" in lists
    # Killed in the very commit, it may be found recorded by the next writer alone, who reads the log again.
    fine = after == "erased" and not seen or after == "before" and not was_recorded
    return fine, "recorded: %s, shown: %s, then: %s" % (was_recorded, seen, after)


def play(tap, ground, whole, who):
    if shutil.which("strace") is None:
        tap.skip("erase is killed between its steps", "strace is not installed")
        return
    site = os.path.join(ground.folder, "killed")
    everything = steps(copy_site(whole, site), who)
    tap.check("an erasure has steps to be killed at", len(everything) > 20 and state(site, ground.marks) == "erased", everything)
    count = len(everything) if os.environ.get("PLACET_TEST_ALL") else BY_DEFAULT
    chosen = sorted({round(i * (len(everything) - 1) / (count - 1)) for i in range(count)})
    wrong, recorded = [], 0
    for index in chosen:
        call, nth = everything[index]
        copy_site(whole, site)
        traced(site, who, "-e", "inject=%s:signal=KILL:when=%d" % (call, nth))
        fine, after = finished(site, ground.marks, os.path.join(ground.folder, "killed.log"))
        recorded += after.endswith("erased")
        if not fine:
            wrong.append("killed at %s %d (step %d of %d): %s" % (call, nth, index, len(everything), after))
    tap.check("killed at any of %d of its %d steps, it is whole or not begun after a restart" % (len(chosen), len(everything)), not wrong,
              "\n".join(wrong))
    tap.check("of these, some were killed before it was recorded and most after", 0 < recorded < len(chosen), recorded)
    shutil.rmtree(site, ignore_errors=True)
