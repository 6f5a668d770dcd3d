#!/usr/bin/env python3
"""How many questions does `placet decide` answer in a CPU second? Ledgers of 50 events; reading, deciding and writing counted.

    PLACET_BIN=FOLDER tests/rights/throughput.py [QUESTIONS]

Allowed answers cost most (they look for the end), so the ledgers are ones that allow at least a third of what is asked.
"""
import itertools
import os
import resource
import subprocess
import sys
import tempfile

import generate
import reference as ref

PLACET = os.path.join(os.environ.get("PLACET_BIN", "build/release/bin"), "placet")


def friendly_cases(count):
    found = []
    for seed in itertools.count(1):
        case = generate.Case(seed)
        if len(case.events) < 50:
            continue
        case.events = case.events[:50]
        ledger = ref.Ledger(case.events, case.policy)
        allowed = sum(ledger.decide(q)["verdict"] == "allow" for q in case.questions)
        if 3 * allowed >= len(case.questions):
            found.append((seed, case))
        if len(found) == count:
            return found


def main():
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    for seed, case in friendly_cases(3):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("events", "policy", "questions")]
            for path, values in zip(paths, (case.events, [case.policy], [case.make_question() for _ in range(wanted)])):
                with open(path, "wb") as file:
                    file.write(generate.lines(values))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run([PLACET, "decide", "--events", paths[0], "--policy", paths[1], "--questions", paths[2]], capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print("ledger %d: %d questions, %d %% allowed, %.2f CPU s: %d per CPU second" % (
            seed, wanted, 100 * done.stdout.count(b'"allow"') / wanted, seconds, wanted / seconds))


if __name__ == "__main__":
    main()
