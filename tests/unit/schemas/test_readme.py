#!/usr/bin/env python3
"""Does README.md tell the truth where a program can see it? Prints TAP; $PLACET_BIN names the programs' folder. --table prints the settings."""
import glob
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PLACET = os.path.join(os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin")), "placet")
README = os.environ.get("README", os.path.join(TOP, "README.md"))
count = 0


def tap(faults, what):
    global count
    count += 1
    print(f"{'not ok' if faults else 'ok'} {count} - {what}")
    for fault in faults:
        print(f"# {fault}")


def settings():
    """The rows of the table of settings, from the list that the program itself is made of."""
    rows = []
    for line in open(os.path.join(TOP, "src/conf/conf.def"), encoding="utf-8"):
        if line.startswith("PLC_KEY("):
            section, key, standard, told = (json.loads(s) for s in re.findall(r'"(?:[^"\\]|\\.)*"', line))
            rows.append(f"| `[{section}] {key}` | {f'`{standard}`' if standard else 'empty'} | {told} |")
    return rows


def paths(text):
    """What looks like a path of this tree: in code, in links, in images."""
    found = re.findall(r"(?<![\w./-])((?:src|include|presets|schemas|tests|tools)/[\w./*-]*|LICENSE|CMakeLists\.txt)", text)
    return [f"{name} does not exist" for name in sorted(set(n.rstrip(".") for n in found)) if not glob.glob(os.path.join(TOP, name))]


def blocks(text, language):
    """Fenced blocks of a language, those in lists too."""
    found = re.findall(r"^( *)```" + language + r"\n(.*?)^ *```$", text, re.M | re.S)
    return [re.sub("^" + indent, "", body, flags=re.M) for indent, body in found]


def examples(text):
    """JSON with a schema's name stands by that schema; a consent names registered terms by their very hash."""
    from jsonschema import Draft202012Validator

    faults, seen = [], set()
    hashes = {hashlib.sha256(open(f, "rb").read()).hexdigest() for f in glob.glob(os.path.join(TOP, "presets/terms/*.txt"))}
    for body in blocks(text, "json"):
        value = json.loads(body)
        name = re.match(r"placet\.([a-z]+)/", value.get("schema", "placet.reviews-answer/"))
        name = name[1] if name else "reviews-answer"
        seen.add(name)
        if name == "reviews-answer":
            continue  # shortened, and said to be
        schema = json.load(open(os.path.join(TOP, "schemas/json", name + ".schema.json"), encoding="utf-8"))
        faults += [f"{name}: {e.json_path}: {e.message}" for e in Draft202012Validator(schema).iter_errors(value)]
        faults += [f"{c['text_sha256']} is no hash of presets/terms" for c in value.get("consents", []) if c["text_sha256"] not in hashes]
    return faults + [f"there is no example of a {name}" for name in ("submission", "answer", "bundle") if name not in seen]


def commands(text):
    """Every `placet COMMAND --option` is a command that there is, with an option that it has."""
    faults, helps = [], {}
    code = "\n".join(blocks(text, "sh") + blocks(text, "") + re.findall(r"`([^`\n]+)`", text))
    for line in code.splitlines():
        line = line.strip().removeprefix("$ ")
        if not line.startswith("placet "):
            continue
        words = shlex.split(line.split("#")[0])
        if len(words) < 2:
            continue
        name = words[1]
        if name not in helps:
            told = subprocess.run([PLACET, name, "--help"], capture_output=True, text=True, check=False)
            helps[name] = told.stdout if told.returncode == 0 else None
        if helps[name] is None:
            faults.append(f"placet has no command {name}: {line}")
            continue
        faults += [f"placet {name} has no {w}: {line}" for w in words[2:] if w.startswith("--") and not re.search(re.escape(w) + r"\b", helps[name])]
    return faults + ([] if len(helps) >= 10 else [f"only {len(helps)} commands are told of"])


def addresses(text):
    """Every address that README fetches, or posts to, is a route."""
    routes = re.findall(r'PLC_ROUTE\("(?:GET|POST)", "([^"]+)"', open(os.path.join(TOP, "src/serve/routes.def"), encoding="utf-8").read())
    patterns = [re.compile(re.sub(r"\\\{[a-z]+\\\}", "[^/?]+", re.escape(r)) + r"$") for r in routes]
    fetched = re.findall(r"http://127\.0\.0\.1:8080(/[^\s'?]*)", text)
    return [f"{a} is no route" for a in fetched if not any(p.match(a) for p in patterns)] + ([] if fetched else ["no address is fetched"])


def main():
    if "--table" in sys.argv:
        print("\n".join(settings()))
        return
    text = open(README, encoding="utf-8").read()
    rows = re.findall(r"^\| `\[[a-z]+\] .*$", text, re.M)
    tap(paths(text), "README: every path that it names exists")
    tap([f"not as in src/conf/conf.def: {r}" for r in set(settings()) ^ set(rows)] or ([] if settings() == rows else ["another order"]),
        "README: the settings are those of conf.def, in its words (tests/unit/schemas/test_readme.py --table)")
    tap(examples(text), "README: its examples are valid, and their consents name registered terms")
    tap(commands(text), "README: every command and option that it types is there")
    tap(addresses(text), "README: every address that it fetches is a route")
    tap([w for w in ("tools/demo", "tools/test") if not re.search(r"^" + w + r"\b", text, re.M)], "README: its two commands come first")
    print(f"1..{count}")


main()
