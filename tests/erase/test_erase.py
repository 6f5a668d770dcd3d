#!/usr/bin/env python3
"""Is a person who was erased nowhere any more: not on the site, not in a backup, not by a re-export, not after a crash?"""
import glob
import hashlib
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import crashes  # noqa: E402
from ground import MARKS, TOP, Office, Tap, copy_site, drop, files, inflated, jpeg, make_site, placet, search  # noqa: E402

ADA, BEN, CLEO = "cust-" + MARKS["person"], "cust-ben", "cust-cleo"
BUNDLE = {"schema": "placet.bundle/1", "name": "spring", "title": "Spring", "channels": ["pdp", "ad"], "territories": ["WW"],
          "query": {"kind": "photo"}, "order": "newest", "near_duplicates": "keep"}


class Ground:
    """A site on which Ada, Ben and Cleo are shown; Cleo sent the same photo as Ada, without its marks."""

    def __init__(self, folder):
        self.folder, self.site, self.made = folder, os.path.join(folder, "site"), os.path.join(folder, "made")
        os.mkdir(self.made)
        make_site(self.site)
        self.photo = jpeg("ada", MARKS)
        self.ada, self.ada_id = drop(self.made, "drop-" + MARKS["drop"], self.photo, ADA, MARKS, more={"second.jpg": jpeg("second", None)})
        self.ben, self.ben_id = drop(self.made, "drop-ben", jpeg("ben", None), BEN)
        self.cleo, self.cleo_id = drop(self.made, "drop-cleo", self.photo, CLEO, photo_name="tent.jpg")
        # The bytes of the picture itself, too: from the middle of what was coded.
        middle = len(self.photo) * 2 // 3
        self.marks = {name: mark.encode() for name, mark in MARKS.items()}
        self.marks["pixels"] = self.photo[middle:middle + 40]

    def fill(self):
        said = placet("ingest", self.site, self.ada, self.ben, self.cleo)
        assert said.status == 0, said
        said = placet("approve", self.site, self.ada_id, self.ben_id, self.cleo_id)
        assert said.status == 0, said
        path = os.path.join(self.folder, "spring.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(BUNDLE, file)
        said = placet("bundle", "publish", self.site, path)
        assert said.status == 0, said
        said = placet("pull", self.site, "--bundle", "spring", "--preset", "meta-feed-4x5", "--territory", "DE", "--out",
                      os.path.join(self.folder, "pulled"), "--campaign", "autumn")
        assert said.status == 0, said
        assert placet("rights", "show", self.site, self.ada_id).status == 0

    def items(self, name):
        return {item["item"]: item for item in placet("show", self.site, name, "--json").json()["items"]}


def renditions(items):
    """Files that were made of these items, by hash."""
    return {file["sha256"] for item in items.values() for place in item.get("placements", []) for file in place["files"]}


def chain_holds(site):
    """The ledger, computed anew from the specification: SHA-256 of the hash before and the canonical event."""
    db = sqlite3.connect("file:%s/catalog.db?mode=ro" % site, uri=True)
    before, count = "0" * 64, 0
    for seq, event, prev, found in db.execute("SELECT seq, event, prev_hash, hash FROM ledger ORDER BY seq"):
        if prev != before or seq != count + 1 or hashlib.sha256(bytes.fromhex(prev) + event.encode()).hexdigest() != found:
            return 0
        before, count = found, seq
    db.close()
    return count


def public(office):
    """What anybody can fetch about the product: list, media addresses and their bytes, summary."""
    text = b"".join(office.get("/v1/products/TENT-2P/%s?territory=DE" % kind)[1] for kind in ("reviews", "media"))
    urls = sorted(set(re.findall(r'"((?:http://[^"/]+)?/m/[^"]+)"', text.decode())))
    media = {url: office.get(re.sub("^http://[^/]+", "", url)) for url in urls}
    return text, media, json.loads(office.get("/v1/products/TENT-2P/summary")[1])["summary"]


def is_erased(tap, ground, before, backup):
    """While the office runs: dark, gone, recipients told, others untouched."""
    items, others = ground.items(ground.ada_id), {**ground.items(ground.ben_id), **ground.items(ground.cleo_id)}
    old = os.path.join(ground.site, "rejected", "2020-02-29")
    os.makedirs(os.path.join(old, "somebody"))
    office = Office(ground.site, os.path.join(ground.folder, "office.log"))
    try:
        tap.check("an office that starts removes rejected drops whose time is over", not os.path.exists(old))
        text, media, summary = public(office)
        tap.check("before it, the marks can be found: in the index, in done/, in what is served",
                  MARKS["body"].encode() in text and any("drop in done" in where for where in before), before)
        tap.check("a contributor whom nobody knows is not found", placet("erase", ground.site, "shop-form:nobody").status == 1)
        found_by = "/v1/search?territory=DE&q=" + MARKS["body"].lower()
        with open(os.path.join(ground.site, "public", "index.db"), "rb") as index, open(os.path.join(ground.site, "public", "index.db-wal"), "rb") as log:
            stored = index.read() + log.read()
            tap.check("before it, they are found by their words, which stand in the index",
                      MARKS["body"].encode() in office.get(found_by)[1] and MARKS["body"].lower().encode() in stored)
            tap.check("and compressed, as the list is sent", MARKS["body"].encode() in inflated(stored))
        said = placet("erase", ground.site, "shop-form:" + ADA, "--json", "--wait")
        answer = said.json()
        tap.check("erase answers with what was erased", answer["items"] == len(items) and answer["submissions"] == 1, said)
        pulled = {(row["item"], row["still_valid"]) for row in answer["pulled"]}
        photo = [item for item, told in items.items() if told["kind"] == "photo"]
        tap.check("it lists who was given what, for those who must be told", pulled == {(item, True) for item in photo} and
                  all(re.fullmatch("[0-9a-f]{64}", row["sha256"]) and row["campaign"] == "autumn" for row in answer["pulled"]), said)
        found = search(ground.site, ground.marks)
        tap.check("no mark is in any file or name under the site, while the office runs", not found, "\n".join(found))
        after_text, after_media, after_summary = public(office)
        tap.check("they are found by no word any more", b'"items":[]' in office.get(found_by)[1])
        tap.check("no list shows them", b"CANARY" not in after_text and all(item.encode() not in after_text for item in items))
        gone = [url for url in media if url not in after_media]
        tap.check("their media answer 404", gone and all(office.get(re.sub("^http://[^/]+", "", url))[0] == 404 for url in gone), gone)
        tap.check("the average counts them no more", (summary["count"], after_summary["count"]) == (3, 2) and
                  after_summary["average"] == 2, (summary, after_summary))
        tap.check("others are served as before, byte for byte", after_media and all(media[url] == after_media[url] for url in after_media) and
                  all(status == 200 for status, _ in after_media.values()), list(after_media))
        again = placet("erase", ground.site, "shop-form:" + ADA, "--json").json()
        by_id = placet("erase", ground.site, answer["contributor"], "--json").json()
        tap.check("a second erase changes nothing and says when it was", again["already"] and by_id["already"] and
                  again["erased_at"] == by_id["erased_at"] == answer["erased_at"], (again, by_id))
    finally:
        office.close()
    found = search(ground.site, ground.marks)
    tap.check("no mark is in any file or name under the site, when the office has closed", not found, "\n".join(found))
    left = renditions(items) - renditions(others)
    kept = {value: path for path, value in files(ground.site).items()}
    tap.check("no rendition of theirs is left", left and not [kept[value] for value in left if value in kept])
    tap.check("every rendition of the others is there, that of the same photo too",
              all(value in kept for value in renditions(others)) and renditions(others))
    tap.check("the ledger still verifies", chain_holds(ground.site) > 10)
    now = {**ground.items(ground.ben_id), **ground.items(ground.cleo_id)}
    tap.check("what is told of the others is the same", now == others)
    lists = placet("list", ground.site, "--state", "erased", "--json").json()["items"]
    tap.check("their items are called erased and have no text", {row["item"] for row in lists} == set(items) and
              "CANARY" not in placet("show", ground.site, *sorted(items)[:1], "--json").out)
    said = placet("export", ground.site, answer["contributor"], "--out", os.path.join(ground.folder, "none.zip"))
    tap.check("export says that nothing is held any more", said.status == 1 and "erased" in said.err and
              not glob.glob(os.path.join(ground.folder, "none*")), said)
    restored(tap, ground, backup, items, answer["contributor"])


def restored(tap, ground, backup, items, contributor):
    """The catalog and vault of before, with the keys of today."""
    site = os.path.join(ground.folder, "restored")
    make_site(site)
    for name in ("catalog.db", "catalog.db-wal", "catalog.db-shm"):
        if os.path.exists(os.path.join(site, name)):
            os.unlink(os.path.join(site, name))
    for name in glob.glob(backup + "/catalog.db*"):
        shutil.copy(name, site)
    for name, source in (("vault", backup), ("keys", ground.site)):
        shutil.rmtree(os.path.join(site, name))
        shutil.copytree(os.path.join(source, name), os.path.join(site, name))
    found = search(backup, ground.marks)
    tap.check("no mark can be read in a copy of catalog.db and vault/ made before", not found, "\n".join(found))
    for item, told in items.items():
        said = placet("show", site, item)
        tap.check("a restored copy opened with today's keys does not show their %s" % told["kind"],
                  said.status == 1 and "has no key" in said.err, said)
    said = placet("export", site, contributor, "--out", os.path.join(ground.folder, "none.zip"))
    tap.check("nor does it export them", said.status == 1 and "has no key" in said.err, said)
    tap.check("but it shows the others", placet("show", site, ground.ben_id).status == 0)


def exported(tap, ground):
    """What is held about Ada, in her hands."""
    path = os.path.join(ground.folder, "ada.zip")
    said = placet("export", ground.site, "shop-form:" + ADA, "--out", path)
    if not tap.check("export writes a zip that only its owner reads", said.status == 0 and os.stat(path).st_mode & 0o777 == 0o600, said):
        return
    with zipfile.ZipFile(path) as archive:
        tap.check("Python's zipfile finds it whole", archive.testzip() is None)
        names = archive.namelist()
        told = archive.read("export.json").decode()
        data = json.loads(told)
        photos = [item["photo"] for row in data["submissions"] for item in row["items"] if item["kind"] == "photo"]
        tap.check("the original is in it, as it was sent, under its name", len(photos) == 2 and MARKS["file"] in photos[0]["original"] and
                  archive.read(photos[0]["original"]) == ground.photo, names)
        evidence = [row["evidence_file"] for row in data["grants"] if "evidence_file" in row]
        tap.check("so is the evidence of each consent", evidence and MARKS["evidence_file"].encode() in archive.read(evidence[0]) and
                  any(MARKS["evidence"] in row.get("evidence_text", "") for row in data["grants"]), names)
        missing = [name for name in "display email person title body alt caption drop external file".split()
                   if MARKS[name].lower() not in told.lower()]
        tap.check("every word that was sent is in export.json", not missing, missing)
        tap.check("with what was granted, decided, made and handed out", {"grant.given", "item.ingested", "moderation.decided"} <=
                  {row["type"] for row in data["ledger"]} and any(item["pulls"] and item["placements"] and item["bundles"] == ["spring"]
                                                                  for row in data["submissions"] for item in row["items"]))
        try:
            import jsonschema
            with open(os.path.join(TOP, "schemas/json/export.schema.json"), encoding="utf-8") as file:
                faults = [fault.message for fault in jsonschema.Draft202012Validator(json.load(file)).iter_errors(data)]
            tap.check("export.json is of its schema", not faults, "\n".join(faults))
        except ImportError:
            tap.skip("export.json is of its schema", "python3-jsonschema is not installed")
        others = {row["item"] for name in (ground.ben_id, ground.cleo_id) for row in placet("show", ground.site, name, "--json").json()["items"]}
        tap.check("and nothing of anybody else", not [item for item in others if item in told])
    again = placet("export", ground.site, "shop-form:" + ADA, "--out", path)
    tap.check("a file that is there is not written over", again.status == 1 and "is there already" in again.err, again)
    tap.check("nothing unsealed was left on the site", not [row for row in search(ground.site, {"photo": ground.marks["photo"]})])


def comes_back(tap, ground):
    """A re-export, and a consent that is newer than the erasure."""
    names = {"file", "exif", "photo", "camera", "body", "title", "email", "pixels", "evidence_file"}
    marks = {name: mark for name, mark in ground.marks.items() if name in names}
    said = placet("ingest", ground.site, ground.ada, "--json")
    reason = glob.glob(ground.site + "/rejected/*/drop-*.reason.json")
    tap.check("the same drop again is rejected with the code erased", said.status == 1 and len(reason) == 1 and
              json.load(open(reason[0], encoding="utf-8"))["code"] == "erased", said)
    found = search(ground.site, marks)
    tap.check("and its photo and words are stored nowhere, not in rejected/ either", not found, "\n".join(found))
    other, _ = drop(ground.made, "drop-other", ground.photo, ADA, operator_id="form-77")
    said = placet("ingest", ground.site, other, "--json")
    tap.check("so is another submission of the same person with an old consent", said.status == 1 and "erased" in said.out, said)
    unnamed, _ = drop(ground.made, "drop-unnamed", ground.photo, "cust-else", operator_id=ground.ada_id)
    said = placet("ingest", ground.site, unnamed, "--json")
    tap.check("so is the same submission under another person's name", said.status == 1 and "erased" in said.out, said)
    newer, newer_id = drop(ground.made, "drop-newer", ground.photo, ADA, captured_at=time.time(), operator_id="form-78")
    said = placet("ingest", ground.site, newer, "--json")
    erased = {row["item"] for row in placet("list", ground.site, "--state", "erased", "--json").json()["items"]}
    back = ground.items(newer_id) if said.status == 0 else {}
    tap.check("a consent given after it brings them in, as somebody new", len(back) == 2 and not set(back) & erased, said)
    answer = placet("erase", ground.site, "shop-form:" + ADA, "--json").json()
    tap.check("who came back can be erased again", not answer["already"] and answer["items"] == 2, answer)


def main():
    tap = Tap()
    folder = tempfile.mkdtemp(prefix="placet-erase.")
    os.chmod(folder, 0o755)  # placet-serve becomes nobody where root starts it
    try:
        ground = Ground(folder)
        ground.fill()
        before = search(ground.site, ground.marks)
        backup = os.path.join(folder, "backup")
        os.mkdir(backup)
        for name in glob.glob(ground.site + "/catalog.db*"):
            shutil.copy(name, backup)
        shutil.copytree(ground.site + "/vault", backup + "/vault")
        whole = copy_site(ground.site, os.path.join(folder, "whole"))
        exported(tap, ground)
        is_erased(tap, ground, before, backup)
        comes_back(tap, ground)
        crashes.intake(tap, ground)
        crashes.index_made_anew(tap, ground, whole)
        crashes.play(tap, ground, whole, "shop-form:" + ADA)
    finally:
        if os.environ.get("PLACET_TEST_KEEP"):
            print("# kept: " + folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
