#!/usr/bin/env python3
"""Would the tests notice? Every comparison and condition of the decision is flipped once, and each flip must fail a test.

    tests/rights/mutate.py [--files decide.c,…] [--jobs N]      in a temporary folder; prints the survivors

Takes a quarter of an hour on two cores. A flip is killed by the answers of some hundred seeded ledgers (the reference's), by the unit tables, or by the properties, in this order.
Survivors that cannot be told apart by any answer stand in equivalent.txt, each with its reason; any other is a failure.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

import generate
import reference as ref

TOP = generate.TOP
FILES = ["evaluate.c", "prepare.c", "decide.c", "segment.c", "scope.c", "view.c"]
CASES, LEDGERS, TIMEOUT = 250, "300", 60
ASAN = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]
FLIPS = [
    (r"==", "!="), (r"!=", "=="), (r"(?<= )<(?= )", "<="), (r"(?<= )<=(?= )", "<"), (r"(?<= )>(?= )", ">="), (r"(?<= )>=(?= )", ">"),
    (r"&&", "||"), (r"\|\|", "&&"), (r"!(?=[a-z_(])", ""), (r"\breturn true\b", "return false"), (r"\breturn false\b", "return true"),
    (r"= true\b", "= false"), (r"= false\b", "= true"), (r"\+ 1\b(?!u)", "+ 0"), (r"- 1\b", "- 0"), (r"\|=", "&="), (r"& ~", "& "),
]


def flips_of(path):
    """(line number, new line) of each flip; comments, texts and directives stay."""
    with open(path, encoding="utf-8") as file:
        source = file.read()
    blank = re.sub(r'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', lambda m: re.sub(r"[^\n]", " ", m.group()), source, flags=re.S)
    for number, (line, code) in enumerate(zip(source.split("\n"), blank.split("\n")), 1):
        if not code.startswith("#"):
            for pattern, new in FLIPS:
                for m in re.finditer(pattern, code):
                    yield number, line[: m.start()] + new + line[m.end():]


class Bench:
    """The rights library, its tests and the runner, built once; then one object at a time is replaced."""

    def __init__(self, folder):
        self.folder = folder
        packages = ["glib-2.0", "jansson", "libcrypto", "icu-uc", "icu-i18n"]
        ask = lambda what: subprocess.run(["pkg-config", what, *packages], check=True, capture_output=True, text=True).stdout.split()
        self.flags = ["-std=gnu17", "-w", "-O0", "-D_GNU_SOURCE", "-DG_LOG_USE_STRUCTURED=0", '-DPLC_SOURCE_DIR="%s"' % TOP, '-DPLC_VERSION="0"',
                      '-DPLC_TEST_BIN_DIR="."', "-I" + TOP + "/src", "-I" + TOP + "/include", "-I" + TOP + "/tests"] + ask("--cflags")
        self.libraries = ask("--libs")
        sources = [os.path.join("src", part, n) for part in ("base", "rights") for n in sorted(os.listdir(os.path.join(TOP, "src", part))) if n.endswith(".c")]
        self.objects = {s: self.compile(os.path.join(TOP, s), os.path.join(folder, s.replace("/", "_") + ".o")) for s in sources + ["src/text/language_tag.c"]}
        # whoever reads outside of a list may do it in another file than the one that was flipped
        self.watched = {s: self.compile(os.path.join(TOP, s), os.path.join(folder, "asan_" + s.replace("/", "_") + ".o"), *ASAN)
                        for s in sources if s.startswith("src/rights/")}
        unit = os.path.join(TOP, "tests/unit/rights")
        mains = [os.path.join(TOP, "tests/rights/runner.c")] + [os.path.join(unit, n) for n in sorted(os.listdir(unit)) if n.endswith(".c")]
        self.mains = {os.path.basename(m)[:-2]: self.compile(m, os.path.join(folder, "main_" + os.path.basename(m) + ".o")) for m in mains}
        self.cases, answers = [], []
        for seed in range(1, CASES + 1):
            case = generate.Case(seed)
            path = os.path.join(folder, "case%d" % seed)
            for kind, values in (("events", case.events), ("policy", [case.policy]), ("questions", case.questions)):
                with open(path + "." + kind, "wb") as file:
                    file.write(generate.lines(values))
            ledger = ref.Ledger(case.events, case.policy)
            answers += [ledger.answer(q) for q in case.questions]
            self.cases.append(path)
        self.answers = ("\n".join(answers) + "\n").encode("utf-8")

    def compile(self, source, out, *more):
        subprocess.run(["gcc", *self.flags, *more, "-c", source, "-o", out], check=True, env={**os.environ, "CCACHE_DISABLE": "1"}, stderr=subprocess.DEVNULL)
        return out

    def killed_by(self, replaced, name, *more):
        """The first test program that notices that one object was replaced; None: nobody."""
        objects = list({**self.objects, **replaced}.values())
        order = ["runner"] + sorted(n for n in self.mains if n != "runner")
        order.sort(key=lambda n: n == "test_properties")
        for main in order:
            program = os.path.join(self.folder, name + main)
            subprocess.run(["gcc", *more, self.mains[main], *objects, *self.libraries, "-o", program], check=True)
            environment = {**os.environ, "PLACET_LEDGERS": LEDGERS, "G_SLICE": "always-malloc", "ASAN_OPTIONS": "detect_leaks=0"}
            try:
                done = subprocess.run([program, *(self.cases if main == "runner" else ["--tap"])], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, timeout=TIMEOUT, check=False, env=environment, cwd=self.folder)
            except subprocess.TimeoutExpired:
                return main + " (no end)"
            finally:
                os.remove(program)
            if done.returncode != 0 or (main == "runner" and done.stdout != self.answers):
                return main
        return None

    def judge(self, job):
        n, file, number, line = job
        source = os.path.join("src/rights", file)
        with open(os.path.join(TOP, source), encoding="utf-8") as whole:
            lines = whole.read().split("\n")
        changed = os.path.join(self.folder, "m%d.c" % n)
        with open(changed, "w", encoding="utf-8") as out:
            out.write("\n".join(lines[: number - 1] + [line] + lines[number:]))
        try:
            built = self.compile(changed, changed + ".o")
        except subprocess.CalledProcessError:
            return job, "the compiler"
        try:
            killer = self.killed_by({source: built}, "m%d_" % n)
            if killer is None:  # a step outside of a list changes no answer, but ASan sees it
                self.compile(changed, built, *ASAN)
                killer = self.killed_by({**self.watched, source: built}, "m%d_" % n, *ASAN)
                killer = killer and "ASan in " + killer
            return job, killer
        finally:
            os.remove(built)


def equivalents():
    """{(file, changed line without its indentation)} from equivalent.txt: FILE | LINE | REASON."""
    found = set()
    with open(os.path.join(TOP, "tests/rights/equivalent.txt"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, rest = line.rstrip("\n").split(" | ", 1)
                changed, reason = rest.rsplit(" | ", 1)
                assert reason.strip(), line
                found.add((name, changed))
    return found


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--files", default=",".join(FILES))
    words.add_argument("--jobs", type=int, default=os.cpu_count())
    words.add_argument("--lines", default="1-1000000", help="only flips of these lines: FROM-TO")
    words.add_argument("--every", type=int, default=1, help="only each n-th flip")
    options = words.parse_args()
    folder = tempfile.mkdtemp()
    try:
        bench = Bench(folder)
        noticed = bench.killed_by({}, "whole_") or bench.killed_by(bench.watched, "whole_", *ASAN)
        if noticed:
            print("nothing was flipped, and %s fails" % noticed)
            return 2
        jobs = [(n, file, number, line) for file in options.files.split(",") for n, (number, line) in
                enumerate(flips_of(os.path.join(TOP, "src/rights", file)))]
        first, last = map(int, options.lines.split("-"))
        jobs = [(n, *job[1:]) for n, job in enumerate(jobs) if first <= job[2] <= last][:: options.every]
        accepted, survivors, known, by = equivalents(), [], 0, {}
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for (_, file, number, line), killer in pool.map(bench.judge, jobs):
                by[killer] = by.get(killer, 0) + 1
                if killer is None and (file, line.strip()) in accepted:
                    known += 1
                elif killer is None:
                    survivors.append("%s:%d | %s" % (file, number, line.strip()))
                    print("SURVIVES " + survivors[-1], flush=True)
    finally:
        shutil.rmtree(folder)
    print("%d flips: %d killed (%s), %d equivalent, %d survive" % (
        len(jobs), len(jobs) - known - len(survivors), ", ".join("%s %d" % (k, v) for k, v in sorted(by.items(), key=str) if k), known, len(survivors)))
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
