#!/usr/bin/env python3
"""Does an old catalog bring back what was withdrawn, does a backup make a site again, and does verify find what is damaged?

The real programs on sites in a temporary folder. Prints TAP; $PLACET_BIN names the programs' folder.
"""
import glob
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/support"))
from damage import change  # noqa: E402

BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))
DEMO = os.path.join(TOP, "tests/data/demo")
DROPS = ["01-de-tent-pdp-only", "02-en-tent-ads-de-at", "06-withdrawn-later", "09-de-lamp-contact-in-text"]
FOLDER = tempfile.mkdtemp(prefix="placet-restore.")
TABLES = ["item", "translation", "segment", "picture", "rendition", "owner", "summary", "bundle", "bundle_item"]
tests = []


def test(function):
    tests.append(function)
    return function


def placet(*words, status=0):
    done = subprocess.run([os.path.join(BIN, "placet"), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == status, "placet %s: exit status %d, not %d\n%s%s" % (" ".join(words), done.returncode, status, done.stdout, done.stderr)
    return done.stdout + done.stderr


def verify(site, status, *more):
    return json.loads(placet("verify", site, "--json", *more, status=status))


def damage(site, *more):
    found = verify(site, 1, *more)
    return {f["part"] for f in found["findings"] if f["damage"]}, " ".join(f["text"] for f in found["findings"] if f["damage"])


def items(site, name):
    return [i["item"] for i in json.loads(placet("show", site, name, "--json"))["items"]]


def shown(site):
    with sqlite3.connect("file:%s/public/index.db?mode=ro" % site, uri=True) as db:
        return {row[0] for row in db.execute("SELECT DISTINCT item FROM segment")}


def index_rows(site):
    """Everything in the index; a segment that is open now begins now."""
    now = int(time.time() * 1000)
    rows = []
    with sqlite3.connect("file:%s/public/index.db?mode=ro" % site, uri=True) as db:
        for table in TABLES:
            cursor = db.execute("SELECT * FROM " + table)
            names = [c[0] for c in cursor.description]
            for row in cursor:
                row = dict(zip(names, row))
                row.pop("doc", None)  # a number of the postings' own: of items written in one millisecond either may have the first
                if table == "segment":
                    row["from_ms"] = "now" if row["from_ms"] <= now else row["from_ms"]
                rows.append((table, repr(sorted(row.items()))))
    return sorted(rows)


def put_catalog(site, catalog):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(site + "/catalog.db" + end):
            os.remove(site + "/catalog.db" + end)
    shutil.copyfile(catalog, site + "/catalog.db")
    os.chmod(site + "/catalog.db", 0o600)


def make():
    """A site with approved submissions, copied for each test."""
    site = os.path.join(FOLDER, "first")
    placet("init", site)
    with open(site + "/placet.conf", "a", encoding="utf-8") as conf:
        conf.write("\n[source shop-form]\nconsents = trusted\n")
    placet("ingest", site, *[os.path.join(DEMO, drop) for drop in DROPS])
    placet("approve", site, "demo-01", "demo-02", "demo-06", "demo-09")
    return site


def copy(name):
    site = os.path.join(FOLDER, name)
    shutil.copytree(FIRST, site)
    return site


@test
def a_site_at_rest_and_one_at_work_are_as_they_should_be():
    site = copy("whole")
    assert verify(site, 0)["ok"]
    with open(os.path.join(FOLDER, "office.log"), "wb") as log:
        office = subprocess.Popen([os.path.join(BIN, "placet"), "run", site, "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 30
        while not os.path.exists(site + "/office.sock") and time.monotonic() < deadline:
            assert office.poll() is None, "the office ended"
            time.sleep(0.05)
        placet("reject", site, "demo-02")
        found = verify(site, 0)
        assert [p["part"] for p in found["parts"]] == ["ledger", "checkpoints", "events", "catalog", "vault", "records", "keys", "files", "index", "content", "modes"], found
        assert all(p["checked"] > 0 for p in found["parts"]), found
        placet("backup", site, os.path.join(FOLDER, "while-open"))
        placet("index", "rebuild", site)
        assert verify(site, 0)["ok"]
    finally:
        office.send_signal(signal.SIGTERM)
        office.wait(30)


@test
def an_old_catalog_does_not_bring_back_what_was_withdrawn_or_rejected_since():
    site, backup = copy("old"), os.path.join(FOLDER, "old-backup")
    placet("backup", site, backup)
    withdrawn, rejected = items(site, "demo-06"), items(site, "demo-02")
    assert set(withdrawn + rejected) <= shown(site)
    placet("rights", "withdraw", site, "demo-06")
    placet("reject", site, "demo-02")
    put_catalog(site, backup + "/catalog.db")
    # Looking finds it, and changes nothing.
    parts, text = damage(site, "--quick")
    assert "checkpoints" in parts and "cut short" in text, (parts, text)
    said = placet("approve", site, "demo-01")
    assert "applied again" in said, said
    assert not shown(site) & set(withdrawn + rejected), shown(site)
    assert shown(site) == set(items(site, "demo-01") + items(site, "demo-09"))
    for item in withdrawn:
        assert "WITHDRAWN" in placet("why", site, item, "--channel", "pdp", "--territory", "PL")
    assert all(i["state"] == "rejected" for i in json.loads(placet("show", site, "demo-02", "--json"))["items"])
    found = verify(site, 0)
    assert any("older catalog" in f["text"] for f in found["findings"]), found
    # Once more from the very same backup, after the first restoration.
    put_catalog(site, backup + "/catalog.db")
    placet("index", "rebuild", site)
    assert not shown(site) & set(withdrawn + rejected), shown(site)
    assert verify(site, 0)["ok"]


@test
def another_history_is_refused_and_dark_until_the_operator_says_so():
    site, other = copy("other"), copy("other-history")
    withdrawn = items(site, "demo-06")
    placet("rights", "withdraw", other, "demo-01")
    placet("reject", other, "demo-09")
    placet("reject", other, "demo-02")
    placet("rights", "withdraw", site, "demo-06")
    put_catalog(site, other + "/catalog.db")
    said = placet("approve", site, "demo-09", status=1)
    assert "--accept-loss" in said, said
    assert shown(site) == set(), "something is shown"
    parts, text = damage(site, "--quick")
    assert "checkpoints" in parts and "rewritten" in text, (parts, text)
    placet("verify", site, "--accept-loss")
    assert not shown(site) & set(withdrawn), shown(site)
    placet("approve", site, "demo-09")
    assert set(items(site, "demo-09")) <= shown(site)
    assert not shown(site) & set(withdrawn), shown(site)
    assert verify(site, 0)["ok"]


@test
def a_backup_with_todays_keys_is_a_site_again():
    site, backup, again = copy("backed"), os.path.join(FOLDER, "backed-up"), os.path.join(FOLDER, "again")
    placet("backup", site, backup)
    assert not os.path.exists(backup + "/keys") and glob.glob(backup + "/vault/*/*")
    assert "is not empty" in placet("backup", site, backup, status=1)
    with open(backup + "/manifest.json", encoding="utf-8") as file:
        manifest = json.load(file)
    assert {f["path"] for f in manifest["files"]} >= {"catalog.db", "placet.conf", "checkpoints/00000001.jsonl"}, manifest
    shutil.copytree(backup, again)
    shutil.copytree(site + "/keys", again + "/keys")
    said = placet("index", "rebuild", again)
    assert "rendered again" in said, said
    assert index_rows(again) == index_rows(site)
    assert verify(again, 0)["ok"]
    assert sorted(os.listdir(again + "/public/assets")) == sorted(os.listdir(site + "/public/assets"))


@test
def the_index_made_anew_is_the_index_that_was():
    site = copy("rebuilt")
    before = index_rows(site)
    assert len(before) > 50
    placet("index", "rebuild", site)
    assert index_rows(site) == before


@test
def a_sealed_photo_that_is_missing_or_damaged_is_found():
    site = copy("vault")
    first, second = sorted(glob.glob(site + "/vault/*/*"))[:2]
    os.remove(first)
    with open(second, "r+b") as file:
        file.seek(-1, os.SEEK_END)
        byte = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes([byte[0] ^ 1]))
    parts, text = damage(site)
    assert parts == {"vault"} and "is missing" in text and "does not open" in text, (parts, text)
    assert text.count(os.path.relpath(first, site)) == 1, text


@test
def a_rendition_with_one_other_bit_is_found():
    site = copy("files")
    path = sorted(glob.glob(site + "/public/assets/*/*"))[0]
    with open(path, "r+b") as file:
        file.seek(100)
        byte = file.read(1)
        file.seek(100)
        file.write(bytes([byte[0] ^ 1]))
    parts, text = damage(site)
    assert parts == {"files"} and os.path.relpath(path, site) in text, (parts, text)
    os.remove(path)
    parts, text = damage(site, "--quick")
    assert parts == {"files", "index"}, (parts, text)
    placet("index", "rebuild", site)
    assert verify(site, 0)["ok"]


def flip(path, at):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 4]))


@test
def one_other_bit_in_a_text_or_a_key_is_found():
    site = copy("texts")
    with sqlite3.connect("file:%s/catalog.db?mode=ro" % site, uri=True) as db:  # one who sent no photo: nothing in vault/ is theirs
        words, = db.execute("SELECT contributor FROM item WHERE kind = 'review' AND contributor NOT IN (SELECT contributor FROM item WHERE kind = 'photo')").fetchone()
    for key, part, word in (("site.key", "records", "not found by their own id"), ("checkpoint.key", "checkpoints", "do not belong together"),
                            (words + ".key", "records", "does not open")):
        flip(os.path.join(site, "keys", key), 9)
        parts, text = damage(site)
        assert part in parts and word in text, (key, parts, text)
        flip(os.path.join(site, "keys", key), 9)
    for what, statement in (
        ("a word", "UPDATE item SET excerpt = substr(excerpt, 1, length(excerpt) - 1) || 'X' WHERE excerpt IS NOT NULL"),
        ("a name", "UPDATE item SET named = replace(named, 'a', 'b') WHERE named LIKE '%a%'"),
        ("a file", "UPDATE rendition SET bytes = bytes + 1 WHERE media_key = (SELECT media_key FROM rendition LIMIT 1)"),
        ("an address", "UPDATE picture SET sources = replace(sources, '/m/', '/n/')"),
    ):
        change(site + "/public/index.db", statement)
        parts, text = damage(site)
        assert "content" in parts and "other words or files" in text, (what, parts, text)
        placet("index", "rebuild", site)
        assert verify(site, 0)["ok"], what
    change(site + "/catalog.db", "UPDATE item_text SET sealed = substr(sealed, 1, 20) || x'00' || substr(sealed, 22) WHERE field = 'body'")
    parts, text = damage(site)
    assert "records" in parts and "/body/0 of catalog.db does not open" in text, (parts, text)


@test
def rows_too_many_and_too_few_in_the_index_are_found_and_mended():
    site, copied = copy("rows"), "SELECT %s FROM segment WHERE channel = 'pdp' LIMIT 1"
    names = "product, channel, kind, written_at, item, nr, languages, edits, named, from_ms, until_ms, territories, duties"
    for what, statement, word in (
        ("one language more", "INSERT INTO segment " + copied % names.replace("nr,", "nr + 1000,").replace("languages", "'xx'"), "otherwise"),
        ("a longer time", "UPDATE segment SET until_ms = until_ms + 1 WHERE rowid_is", "otherwise"),
        ("a row less", "DELETE FROM segment WHERE rowid_is", "lacks"),
        ("an item less", "DELETE FROM item WHERE id = (SELECT item FROM segment LIMIT 1)", "without the item"),
        ("an item of nobody", "INSERT INTO item SELECT 'NOBODY', kind, grp, place, written_at, language, head, named, excerpt, excerpt_is_text, tail,"
                              " tags, verification, doc + 1000000, illustrated, facets, terms FROM item LIMIT 1", "does not know"),
    ):
        one = "(product, channel, kind, written_at, item, nr) = (SELECT product, channel, kind, written_at, item, nr FROM segment LIMIT 1)"
        change(site + "/public/index.db", statement.replace("rowid_is", one))
        parts, text = damage(site, "--quick")
        assert parts == {"index"} and word in text, (what, parts, text)
        placet("index", "rebuild", site)
        assert verify(site, 0)["ok"], what


@test
def ratings_that_an_older_placet_left_behind_are_found_and_mended():
    site = copy("ratings")
    for statement in ("DELETE FROM rated", "INSERT INTO rated SELECT 'OTHER', item, rating, rating_min, rating_max FROM rated LIMIT 1"):
        change(site + "/catalog.db", statement)
        parts, text = damage(site)
        assert parts == {"catalog"} and "other ratings of the product" in text, (statement, parts, text)
        placet("index", "rebuild", site)
        assert verify(site, 0)["ok"], statement


@test
def changed_settings_are_no_damage_and_hide_none():
    site = copy("settings")
    with open(site + "/placet.conf", encoding="utf-8") as file:
        conf = file.read()
    with open(site + "/placet.conf", "w", encoding="utf-8") as file:
        file.write(re.sub("(?m)^channels = .*$", "channels = pdp", conf))
    found = verify(site, 0)
    assert found["ok"] and found["damage"] == 0 and found["settings_changed"], found
    told = [f for f in found["findings"] if f["settings"]]
    assert {f["part"] for f in told} == {"index", "content"} and not any(f["damage"] for f in told) and "Start the office" in told[0]["remedy"], found
    said = placet("verify", site)
    assert "No damage was found" in said and "as it should be" not in said and "note: placet.conf" in said, said
    # What no setting explains is damage still.
    change(site + "/public/index.db", "DELETE FROM item WHERE id = (SELECT item FROM segment LIMIT 1)")
    parts, text = damage(site, "--quick")
    assert parts == {"index"} and "without the item" in text and "decide()" not in text, (parts, text)
    placet("index", "rebuild", site)
    found = verify(site, 0)
    assert found["ok"] and not found["settings_changed"] and not found["findings"], found
    assert "Everything is as it should be" in placet("verify", site)


@test
def what_was_withdrawn_is_not_shown_by_changed_settings():
    site = copy("settings-withdrawn")
    withdrawn = items(site, "demo-06")
    with tempfile.TemporaryDirectory() as kept:
        for end in ("", "-wal", "-shm"):
            shutil.copy2(site + "/public/index.db" + end, kept)
        placet("rights", "withdraw", site, "demo-06")
        for end in ("", "-wal", "-shm"):
            shutil.copy2(os.path.join(kept, "index.db" + end), site + "/public/index.db" + end)
    with open(site + "/placet.conf", encoding="utf-8") as file:
        conf = file.read()
    with open(site + "/placet.conf", "w", encoding="utf-8") as file:
        file.write(re.sub("(?m)^channels = .*$", "channels = pdp", conf))
    found = verify(site, 1, "--quick")
    told = [f["text"] for f in found["findings"] if f["damage"] and "otherwise than decide() allows" in f["text"]]
    assert found["settings_changed"] and len(told) == len(withdrawn) and all(item in " ".join(told) for item in withdrawn), found
    assert [f for f in found["findings"] if f["settings"]], found


@test
def a_cut_tail_of_the_ledger_is_found_by_the_checkpoint_alone():
    site = copy("cut")
    placet("rights", "withdraw", site, "demo-06")
    last = "(SELECT max(seq) FROM ledger)"
    change(site + "/catalog.db", "DELETE FROM ledger_ref WHERE seq = " + last, "DELETE FROM ledger WHERE seq = " + last)
    parts, text = damage(site)
    assert "checkpoints" in parts and "ledger" not in parts and "events" not in parts, (parts, text)


@test
def a_checkpoint_kept_elsewhere_finds_a_machine_set_back():
    site, kept = copy("set-back"), os.path.join(FOLDER, "kept.jsonl")
    whole = os.path.join(FOLDER, "set-back-whole")
    shutil.copytree(site, whole)
    placet("rights", "withdraw", site, "demo-06")
    shutil.copyfile(sorted(glob.glob(site + "/checkpoints/*.jsonl"))[-1], kept)
    assert verify(whole, 0)["ok"]
    parts, text = damage(whole, "--quick", "--checkpoint", kept)
    assert parts == {"checkpoints"} and "cut short" in text, (parts, text)
    # Put back, it is used: what was withdrawn is gone.
    shutil.copyfile(kept, sorted(glob.glob(whole + "/checkpoints/*.jsonl"))[-1])
    placet("index", "rebuild", whole)
    assert not shown(whole) & set(items(whole, "demo-06"))


@test
def checkpoints_changed_taken_out_or_missing_are_found_and_nothing_is_written():
    site = copy("checkpoints")
    placet("rights", "withdraw", site, "demo-06")
    path = sorted(glob.glob(site + "/checkpoints/*.jsonl"))[-1]
    with open(path, "rb") as file:
        good = file.read()
    lines = good.splitlines(keepends=True)
    assert len(lines) >= 3
    changed = lines[-1].replace(b'"seq":', b'"seq":1', 1)
    for what, bad in (("changed", b"".join(lines[:-1]) + changed), ("one taken out", b"".join(lines[:-2] + lines[-1:])), ("the first taken out", b"".join(lines[1:]))):
        with open(path, "wb") as file:
            file.write(bad)
        parts, text = damage(site)
        assert parts == {"checkpoints"}, (what, parts, text)
    with open(path, "wb") as file:
        file.write(b"".join(lines[:-1]) + changed)
    placet("approve", site, "demo-01", status=1)
    # Half a line was never acknowledged: it is cut off.
    with open(path, "wb") as file:
        file.write(good + lines[-1][:40])
    placet("approve", site, "demo-01")
    assert verify(site, 0)["ok"]
    shutil.rmtree(site + "/checkpoints")
    assert damage(site)[0] >= {"checkpoints"}
    assert "--accept-loss" in placet("approve", site, "demo-01", status=1)
    placet("verify", site, "--accept-loss")
    placet("approve", site, "demo-01")


@test
def a_person_who_was_erased_since_is_erased_again():
    site, backup, again = copy("erased"), os.path.join(FOLDER, "erased-backup"), os.path.join(FOLDER, "erased-again")
    placet("backup", site, backup)
    with open(os.path.join(DEMO, "06-withdrawn-later", "submission.json"), encoding="utf-8") as file:
        drop = json.load(file)
    person, erased = "shop-form:" + drop["contributor"]["id"], items(site, "demo-06")
    blobs = set(glob.glob(site + "/vault/*/*"))
    placet("erase", site, person)
    gone = {os.path.relpath(path, site) for path in blobs - set(glob.glob(site + "/vault/*/*"))}
    assert gone, "no sealed file went with the person"
    # The old backup in a new place, with the keys and checkpoints of today.
    shutil.copytree(backup, again)
    shutil.rmtree(again + "/checkpoints")
    for folder in ("keys", "checkpoints"):
        shutil.copytree(os.path.join(site, folder), os.path.join(again, folder))
    assert all(os.path.exists(os.path.join(again, path)) for path in gone)
    placet("index", "rebuild", again)
    assert not shown(again) & set(erased) and shown(again) == shown(site), (shown(again), shown(site))
    assert not any(os.path.exists(os.path.join(again, path)) for path in gone)
    assert verify(again, 0)["ok"]
    for item in erased:
        assert "ERASED" in placet("why", again, item, "--channel", "pdp", "--territory", "PL")
    # Who sends it again is refused.
    placet("ingest", again, os.path.join(DEMO, "06-withdrawn-later"), status=1)


@test
def keys_that_others_may_read_or_that_are_missing_are_found():
    site = copy("keys")
    keys = [k for k in sorted(glob.glob(site + "/keys/*.key")) if len(os.path.basename(k)) > 20]
    os.chmod(keys[0], 0o640)
    os.chmod(site + "/public/index.db", 0o600)
    parts, text = damage(site)
    assert "modes" in parts and "0640" in text and "public/index.db" in text, (parts, text)
    os.chmod(keys[0], 0o600)
    os.chmod(site + "/public/index.db", 0o644)
    os.remove(keys[0])
    assert "keys" in damage(site)[0]


def main():
    failed = 0
    print("1..%d" % len(tests), flush=True)
    for number, function in enumerate(tests, 1):
        name = function.__name__.replace("_", " ")
        try:
            function()
            print("ok %d - %s" % (number, name), flush=True)
        except Exception:  # a test that fails must not keep the others from being run
            failed += 1
            print("not ok %d - %s" % (number, name))
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
    return 1 if failed else 0


try:
    FIRST = make()
    sys.exit(main())
finally:
    if "PLACET_KEEP" not in os.environ:
        shutil.rmtree(FOLDER, ignore_errors=True)
