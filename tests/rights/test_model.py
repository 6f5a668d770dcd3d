#!/usr/bin/env python3
"""Does the order of grant, withdraw, publish, serve and crash keep its promise? Spin walks through every state of dark.pml.

Prints TAP. Every claim holds exhaustively; every rule broken on purpose is refuted; and what must be possible is shown to be possible,
so that no claim holds of a model that does nothing. Two items and two crashes with PLACET_TEST_ALL=1.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ALL = os.environ.get("PLACET_TEST_ALL") == "1"
SMALL, LARGE = ["-DITEMS=1", "-DCRASHES=1"], ["-DITEMS=1", "-DCRASHES=2"]
TWO = ["-DITEMS=2", "-DCRASHES=2" if ALL else "-DCRASHES=1"]
HOLDS, REFUTED, LIVENESS = 0, 1, ("recorded", "answered")

# what is shown, how the model is built, the claim, what Spin must say
ROWS = [
    ("two items: after the ack in no index and in no answer, whatever crashes; no answer without a grant or after its end", TWO, "dark", HOLDS),
    ("one item, two crashes: the same", LARGE, "dark", HOLDS),
    ("what the ledger took becomes dark and stays dark, even if nobody asks again", LARGE, "recorded", HOLDS),
    ("who asks again after a crash is answered, and then it is dark", LARGE, "answered", HOLDS),
    ("acknowledged before the index: refuted", ["-DACK_BEFORE_INDEX"] + SMALL, "dark", REFUTED),
    ("index before ledger, without a job: refuted", ["-DINDEX_BEFORE_LEDGER"] + SMALL, "dark", REFUTED),
    ("no job queued with the withdrawal: refuted", ["-DNO_JOB"] + SMALL, "recorded", REFUTED),
    ("the job dropped before the publication: refuted", ["-DDROP_JOB_FIRST"] + SMALL, "recorded", REFUTED),
    ("a job queued while it runs does not run again: refuted", ["-DNEVER_AGAIN"] + SMALL, "recorded", REFUTED),
    ("a publication without the lock: refuted", ["-DNO_LOCK"] + SMALL, "dark", REFUTED),
    ("expiry left to the office: refuted", ["-DEXPIRY_BY_OFFICE"] + SMALL, "dark", REFUTED),
    ("the model does serve", ["-DWITNESS"] + SMALL, "never_serves", REFUTED),
    ("the model does acknowledge after a crash", ["-DWITNESS"] + SMALL, "never_acks_after_crash", REFUTED),
    ("the model does lose who asked, the item recorded and still to be seen", ["-DWITNESS"] + SMALL, "never_forgotten", REFUTED),
]
if ALL:
    ROWS.append(("two items, one crash: what the ledger took becomes dark", ["-DITEMS=2", "-DCRASHES=1"], "recorded", HOLDS))


def check(folder, defines, claim):
    """(number of errors found, what Spin said); raises where it could not look at everything."""
    subprocess.run(["spin", *defines, "-a", os.path.join(HERE, "dark.pml")], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    fair = claim in LIVENESS
    subprocess.run(["gcc", "-O2", "-w", "-DNFAIR=4" if fair else "-DCOLLAPSE", "-DMEMLIM=4000", "-o", "pan", "pan.c"], cwd=folder, check=True)
    done = subprocess.run(["./pan", "-a", *(["-f"] if fair else []), "-m1000000", "-N", claim], cwd=folder, check=True, capture_output=True, text=True)
    errors, states = re.search(r"errors: (\d+)", done.stdout), re.search(r"(\d+) states, stored", done.stdout)
    if not errors or not states:
        raise RuntimeError(done.stdout + done.stderr)
    for unwell in ("out of memory", "Search not completed") if errors.group(1) == "0" else ():
        if unwell in done.stdout:
            raise RuntimeError(unwell + "\n" + done.stdout)
    if "max search depth too small" in done.stdout:
        raise RuntimeError("the search was cut off\n" + done.stdout)
    why = re.search(r"^pan:1: (.*)$", done.stdout, re.M)
    return int(errors.group(1)), "%s states%s" % (states.group(1), "; " + why.group(1) if why else "")


def main():
    print("1..%d" % len(ROWS))
    missing = [tool for tool in ("spin", "gcc") if shutil.which(tool) is None]
    failed = False
    for n, (what, defines, claim, wanted) in enumerate(ROWS, 1):
        if missing:
            print("ok %d - %s # SKIP %s is not installed" % (n, what, missing[0]))
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                errors, told = check(folder, defines, claim)
                good = (errors > 0) == (wanted == REFUTED)
            except (RuntimeError, subprocess.CalledProcessError) as error:
                good, told = False, str(error)
        failed = failed or not good
        print("%s %d - %s\n%s" % ("ok" if good else "not ok", n, what, "\n".join("# " + line for line in told.splitlines())), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
