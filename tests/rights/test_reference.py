#!/usr/bin/env python3
"""Do `placet decide` and the reference give the same answers? Seeded ledgers, byte for byte; and the same lines found malformed.

    PLACET_BIN=FOLDER tests/rights/test_reference.py [--cases N] [--from SEED] [--questions N]

50,000 questions; 1,000,000 with PLACET_TEST_ALL=1. The first difference is shrunk and printed: the smallest ledger found, the question,
both answers. Nothing of src/rights is used here but the command's output.
"""
import argparse
import collections
import concurrent.futures
import os
import subprocess
import sys
import tempfile

import generate
import malformed
import reference as ref

PLACET = os.path.join(os.environ.get("PLACET_BIN", "build/release/bin"), "placet")
ALL = os.environ.get("PLACET_TEST_ALL") == "1"
MUST_BE_SEEN = ["UNKNOWN_ITEM", "ERASED", "HELD", "NOT_APPROVED", "PEOPLE_UNKNOWN", "NO_GRANT", "MINOR", "MISSING", "DISCLOSURE_IMPOSSIBLE", "AI",
                "MARKET", "DISCLOSE", "KEEP_SOURCE_TYPE", "REVIEW", "CREDIT", "NO_CREDIT", "allow", "deny", "until", "no until"] + ref.FAILURES


def decide(folder, policy, events, questions):
    """(exit status, answers as lines, stderr) of the C; policy, events and questions are bytes."""
    paths = {}
    for name, content in (("events", events), ("policy", policy), ("questions", questions)):
        paths[name] = os.path.join(folder, name)
        with open(paths[name], "wb") as file:
            file.write(content)
    done = subprocess.run([PLACET, "decide", "--events", paths["events"], "--policy", paths["policy"], "--questions", paths["questions"]],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace").splitlines(), done.stderr.decode("utf-8", "replace")


def both(folder, policy, events, questions):
    """(the C's answers, the reference's answers)"""
    status, theirs, said = decide(folder, generate.lines([policy]), generate.lines(events), generate.lines(questions))
    if status != 0:
        theirs = ["exit status %d: %s" % (status, said.strip())] + theirs
    try:
        read = ref.read_events(generate.lines(events))
        ledger = ref.Ledger(read, policy)
        ours = [ledger.answer(ref.read_question(generate.lines([q]))) for q in questions]
    except ref.Malformed as error:
        ours = ["malformed, line %d: %s" % (error.line, error)]
    return theirs, ours


def shrink(folder, case):
    """The smallest (events, question) that still shows a difference, found by leaving out one after the other."""
    def differs(events, question):
        numbered = [{**e, "seq": n} for n, e in enumerate(events, 1)]
        theirs, ours = both(folder, case.policy, numbered, [question])
        return theirs != ours

    question = next((q for q in case.questions if differs(case.events, q)), None)
    if question is None:
        return case.events, case.questions
    events = list(case.events)
    if "head" in question:
        short = {k: v for k, v in question.items() if k != "head"}
        if differs(events[: question["head"] or 0], short):
            events, question = events[: question["head"] or 0], short
    n = len(events)
    while n:
        n -= 1
        without = events[:n] + events[n + 1:]
        if differs(without, question):
            events = without
    for name in list(question):
        without = {k: v for k, v in question.items() if k != name}
        if name not in ("item", "channel", "territory", "at") and differs(events, without):
            question = without
    return [{**e, "seq": k} for k, e in enumerate(events, 1)], [question]


def show(folder, seed, case):
    events, questions = shrink(folder, case)
    theirs, ours = both(folder, case.policy, events, questions)
    out = ["seed %d (tests/rights/generate.py %d prints the whole case); policy and events:" % (seed, seed)]
    out += (generate.lines([case.policy]) + generate.lines(events)).decode("utf-8").splitlines()
    for i, q in enumerate(questions):
        if i >= len(theirs) or theirs[i] != ours[min(i, len(ours) - 1)]:
            out += ["question:  " + generate.lines([q]).decode("utf-8").strip(), "placet:    " + (theirs[i] if i < len(theirs) else "nothing"),
                    "reference: " + ours[min(i, len(ours) - 1)]]
    return "\n".join("# " + line for line in out)


def run_cases(first, cases):
    """(questions asked, what was seen, the first difference or None) of the seeds first … first + cases - 1"""
    asked, seen, shown = 0, collections.Counter(), None
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + cases):
            case = generate.Case(seed)
            theirs, ours = both(folder, case.policy, case.events, case.questions)
            asked += len(ours)
            if theirs != ours:
                return asked, seen, show(folder, seed, case)
            for line in ours:
                answer = ref.json.loads(line)
                seen[answer["verdict"]] += 1
                if answer["verdict"] == "allow":
                    seen["until" if answer["valid_until"] else "no until"] += 1
                for code in answer["reasons"] + answer["duties"]:
                    seen[code.split(":")[-1] if code.startswith(("LICENCE:", "DATA:", "LIKENESS(")) else code.split("(")[0]] += 1
    return asked, seen, shown


def compare(wanted, first, cases):
    """TAP lines of the comparison."""
    asked, seen, at, size, workers = 0, collections.Counter(), first, 100, os.cpu_count() if ALL else 1
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        while asked < wanted and (cases is None or at < first + cases):
            starts = [at + size * i for i in range(workers)]
            ends = [min(s + size, first + cases) if cases is not None else s + size for s in starts]
            at = ends[-1]
            for n, counted, difference in pool.map(run_cases, starts, [max(0, e - s) for s, e in zip(starts, ends)]):
                asked, seen = asked + n, seen + counted
                if difference:
                    return [(False, "the same answer to every question", difference)]
    told = "# %d questions on %d ledgers: %s" % (asked, at - first, " ".join("%s=%d" % kv for kv in seen.most_common()))
    rows = [(True, "the same answer to every one of %d questions" % asked, told)]
    if cases is None and wanted >= 50_000:
        rare = [code for code in MUST_BE_SEEN if seen[code] < 20]
        rows.append((not rare, "every code and duty of the specification was seen among the answers", "# rare: " + " ".join(rare) if rare else ""))
    return rows


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--questions", type=int, default=1_000_000 if ALL else 50_000)
    words.add_argument("--from", type=int, default=1, dest="first")
    words.add_argument("--cases", type=int, default=None)
    words.add_argument("--no-malformed", action="store_true")
    options = words.parse_args()
    rows = compare(options.questions, options.first, options.cases)
    if not options.no_malformed:
        with tempfile.TemporaryDirectory() as folder:
            rows += malformed.compare(lambda *files: decide(folder, *files), 1 if ALL else 11)
    print("1..%d" % len(rows))
    for n, (good, what, told) in enumerate(rows, 1):
        print("%s %d - %s%s" % ("ok" if good else "not ok", n, what, "\n" + told if told else ""), flush=True)
    return 0 if all(good for good, _, _ in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
