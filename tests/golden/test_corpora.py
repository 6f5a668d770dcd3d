#!/usr/bin/env python3
"""Do hostile files break the sandbox's worker, and does anything of a photo's metadata get through the whole program? TAP.

Needs $PLACET_CORPORA (folders hostile and meta, audit_metadata.py); takes minutes. Every photo is answered: rendered, or refused with a code
that is the photo's fault. A worker that died, hung or ran into its memory limit is a failure, whatever the file was.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))
FAULTS = {"unreadable", "unsupported", "too_large"}


def run(photos, preset, out):
    """Renders links of distinct names to them; [(photo, what was told)]."""
    with tempfile.TemporaryDirectory() as names:
        links = []
        for i, photo in enumerate(photos):
            links.append(os.path.join(names, "%d%s" % (i, os.path.splitext(photo)[1])))
            os.symlink(photo, links[-1])
        done = subprocess.run([os.path.join(BIN, "placet"), "render", *links, "--out", out, "--preset", preset, "--json"], check=False,
                              capture_output=True, text=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    if len(told) != len(photos):
        raise RuntimeError("%d answers to %d photos, status %d\n%s" % (len(told), len(photos), done.returncode, done.stderr))
    return list(zip(photos, told))


def files_of(part):
    found = glob.glob(os.path.join(os.environ["PLACET_CORPORA"], part, "*/*"))
    return sorted(p for p in found if os.path.isfile(p) and not p.endswith(".md"))


def judge(number, what, told):
    refused = [(p, t["error"]) for p, t in told if "error" in t]
    bad = ["%s: %s: %s" % (p, e["code"], e["message"]) for p, e in refused if e["code"] not in FAULTS]
    print("%s %d - %s" % ("not ok" if bad else "ok", number, what))
    for line in bad:
        print("# " + line)
    print("# %d files, %d rendered, %d refused" % (len(told), len(told) - len(refused), len(refused)))


def main():
    print("1..3")
    names = ["hostile files are rendered or refused, and no worker dies", "files with metadata are rendered or refused",
             "nothing leaks into what is made of them"]
    if "PLACET_CORPORA" not in os.environ:
        for i, name in enumerate(names):
            print("ok %d - %s # SKIP PLACET_CORPORA is not set" % (i + 1, name))
        return
    with tempfile.TemporaryDirectory() as out:
        judge(1, names[0], run(files_of("hostile"), "email-square,pdp-thumb-100", out))
    with tempfile.TemporaryDirectory() as out:
        judge(2, names[1], run(files_of("meta"), "email-full,pdp-thumb-100,pdp-woo-300", out))
        made = sorted(glob.glob(os.path.join(out, "*")))
        audit = subprocess.run([sys.executable, os.path.join(os.environ["PLACET_CORPORA"], "audit_metadata.py"), "-q", *made],
                               check=False, capture_output=True, text=True)
        print("%s 3 - %s" % ("ok" if audit.returncode == 0 and made else "not ok", names[2]))
        print("# %d files, judged by audit_metadata.py: %d" % (len(made), audit.returncode))
        for line in audit.stdout.splitlines() if audit.returncode else []:
            print("# " + line)


if __name__ == "__main__":
    main()
