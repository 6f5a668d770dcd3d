"""Is what was killed between any two of its steps finished at the next start? Erasure: never half-done, never visible again.
An index that is made anew: the old one, or the new one, whole."""
import os
import re
import shutil
import sqlite3
import subprocess
import time

from ground import Office, PLACET, copy_site, drop, environment, make_site, placet, search

# Whatever changes a file for good goes through one of these; between two of them a crash is the same as at either.
CALLS = ("pwrite64", "write", "ftruncate", "fsync", "fdatasync", "unlinkat", "renameat2", "unlink")
BY_DEFAULT = 16  # of all the steps; all of them with PLACET_TEST_ALL=1


def traced(site, command, *words):
    return subprocess.run(["strace", "-o", site + ".trace", "-e", "trace=" + ",".join(CALLS), *words, PLACET, *command], check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120, env=environment(ASAN_OPTIONS="detect_leaks=0")).returncode


def steps(site, command):
    """[(call, n-th of its kind)] of one whole run of the command, in order."""
    traced(site, command)
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
        office.until(lambda: not sum(placet("status", site, "--json").json()["jobs"].values()))  # waiting, running, given up
        status, lists = office.get("/v1/products/TENT-2P/reviews?territory=DE")
    finally:
        office.close()
    after = state(site, marks)
    seen = status != 200 or b"CANARY" in lists
    # Killed in the very commit, it may be found recorded by the next writer alone, who reads the log again.
    fine = after == "erased" and not seen or after == "before" and not was_recorded
    return fine, "recorded: %s, shown: %s, then: %s" % (was_recorded, seen, after)


def sample(steps_there, by_default):
    count = steps_there if os.environ.get("PLACET_TEST_ALL") else by_default
    return sorted({round(i * (steps_there - 1) / (count - 1)) for i in range(count)})


def keys_and_contributors(site):
    """Two sets that must be the same: a key of nobody would open what no erasure finds."""
    db = sqlite3.connect("file:%s/catalog.db?mode=ro" % site, uri=True)
    known = {row[0] for row in db.execute("SELECT id FROM contributor WHERE erased_at = 0")}
    db.close()
    return {name[:26] for name in os.listdir(os.path.join(site, "keys")) if re.fullmatch("[0-9A-Z]{26}[.]key", name)}, known


def intake(tap, ground):
    """A drop's new contributor has one key, however often a crash lets the drop begin anew."""
    if shutil.which("strace") is None:
        tap.skip("no crash of intake leaves a key of nobody", "strace is not installed")
        return
    site = os.path.join(ground.folder, "taking")
    empty = make_site(os.path.join(ground.folder, "empty"))
    command = ("ingest", site, ground.ben)
    everything = steps(copy_site(empty, site), command)
    wrong, chosen = [], sample(len(everything), 10)
    for index in chosen:
        call, nth = everything[index]
        copy_site(empty, site)
        traced(site, command, "-e", "inject=%s:signal=KILL:when=%d" % (call, nth))
        office = Office(site, os.path.join(ground.folder, "taking.log"))
        try:
            office.until(lambda: not [name for name in os.listdir(site + "/.work") if not name.startswith(".")])
        finally:
            office.close()
        keys, known = keys_and_contributors(site)
        if keys != known or len(known) > 1:
            wrong.append("killed at %s %d (step %d): keys of %s, known are %s" % (call, nth, index, keys, known))
    tap.check("killed at any of %d of its %d steps, intake leaves no key of nobody" % (len(chosen), len(everything)), not wrong,
              "\n".join(wrong))
    # Found when it is recorded, after all has been sealed: nobody consents in the future.
    refused, _ = drop(ground.made, "drop-refused", ground.photo, "cust-refused", captured_at=time.time() + 100)
    said = placet("ingest", copy_site(empty, site), refused, "--json")
    keys, known = keys_and_contributors(site)
    tap.check("nor does a drop that is refused", said.status == 1 and not keys and not known, "%s %s %s" % (said, keys, known))


def said_of_items(site):
    """All that the index says of items, but since when; then under which numbers (those of one second as they came)."""
    db = sqlite3.connect("file:%s/public/index.db?mode=ro" % site, uri=True)
    rows = [db.execute(sql).fetchall() for sql in (
        "SELECT id, head, named, excerpt, tail, tags, doc / 1048576, illustrated, facets, terms FROM item ORDER BY id",
        "SELECT product, channel, item, nr, languages, edits, named, until_ms, territories, duties FROM segment ORDER BY 1, 2, 3, 4",
        "SELECT media_key, name, asset FROM rendition ORDER BY 1, 2", "SELECT product, reviews, average FROM summary ORDER BY 1",
        "SELECT bundle, place, item FROM bundle_item ORDER BY 1, 2", "SELECT DISTINCT term FROM posting ORDER BY 1")]
    numbers = [db.execute(sql).fetchall() for sql in ("SELECT id, doc FROM item ORDER BY 1", "SELECT term, first, docs FROM posting ORDER BY 1, 2")]
    db.close()
    return rows, numbers


def index_made_anew(tap, ground, whole):
    if shutil.which("strace") is None:
        tap.skip("an index that is made anew is killed between its steps", "strace is not installed")
        return
    site = os.path.join(ground.folder, "anew")
    command = ("index", "rebuild", site)
    everything = steps(copy_site(whole, site), command)
    old, new = said_of_items(whole), said_of_items(site)
    tap.check("an index that was made anew says the same", old[0][0] and new[0] == old[0] and len(everything) > 20, everything)
    wrong, chosen = [], sample(len(everything), 10)
    for index in chosen:
        call, nth = everything[index]
        copy_site(whole, site)
        traced(site, command, "-e", "inject=%s:signal=KILL:when=%d" % (call, nth))
        if said_of_items(site) not in (old, new):
            wrong.append("killed at %s %d (step %d of %d)" % (call, nth, index, len(everything)))
    tap.check("killed at any of %d of its %d steps, it is the old one or the new one" % (len(chosen), len(everything)), not wrong,
              "\n".join(wrong))
    shutil.rmtree(site, ignore_errors=True)


def play(tap, ground, whole, who):
    if shutil.which("strace") is None:
        tap.skip("erase is killed between its steps", "strace is not installed")
        return
    site = os.path.join(ground.folder, "killed")
    command = ("erase", site, who)
    everything = steps(copy_site(whole, site), command)
    tap.check("an erasure has steps to be killed at", len(everything) > 20 and state(site, ground.marks) == "erased", everything)
    wrong, recorded = [], 0
    chosen = sample(len(everything), BY_DEFAULT)
    for index in chosen:
        call, nth = everything[index]
        copy_site(whole, site)
        traced(site, command, "-e", "inject=%s:signal=KILL:when=%d" % (call, nth))
        fine, after = finished(site, ground.marks, os.path.join(ground.folder, "killed.log"))
        recorded += after.endswith("erased")
        if not fine:
            wrong.append("killed at %s %d (step %d of %d): %s" % (call, nth, index, len(everything), after))
    tap.check("killed at any of %d of its %d steps, it is whole or not begun after a restart" % (len(chosen), len(everything)), not wrong,
              "\n".join(wrong))
    tap.check("of these, some were killed before it was recorded and most after", 0 < recorded < len(chosen), recorded)
    shutil.rmtree(site, ignore_errors=True)
