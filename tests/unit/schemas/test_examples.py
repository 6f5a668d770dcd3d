#!/usr/bin/env python3
"""Do our schemas, our examples, our presets and the C reader agree? Prints TAP; $PLACET_BIN names the programs' folder."""
import glob
import json
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SCHEMAS = os.path.join(TOP, "schemas", "json")
EXAMPLES = os.path.join(TOP, "tests", "data", "examples")
CORPUS = os.path.join(TOP, "tests", "data", "submissions")
# example (or preset file) -> schema
PAIRS = {
    "submission-minimal": "submission",
    "submission-full": "submission",
    "terms-ugc-basic": "terms",
    "answer": "answer",
    "reason": "reason",
    "receipt": "receipt",
    "crops": "crops",
    "bundle": "bundle",
    "bundle-manifest": "bundle-manifest",
    "render-output": "render-output",
    "render-output-failed": "render-output",
    "detect-output": "detect-output",
    "reviews-answer": "reviews-answer",
}
count = 0


def tap(ok, what, why=""):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {what}")
    for line in [] if ok else str(why).splitlines():
        print(f"# {line}")


def once(pairs):
    """JSON as the reader takes it: no member twice."""
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a member stands twice")
    return dict(pairs)


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def strict(path):
    text = open(path, encoding="utf-8").read()
    bare = re.sub(r'"(?:\\.|[^"\\])*"', "", text)
    depth = deepest = 0
    for c in bare:
        depth += (c in "[{") - (c in "]}")
        deepest = max(deepest, depth)
    if deepest > 32:
        raise ValueError("is nested deeper than 32 levels")
    return json.loads(text, object_pairs_hook=once, parse_constant=no_constant)


def schema(name, part=None):
    whole = json.load(open(os.path.join(SCHEMAS, name + ".schema.json"), encoding="utf-8"))
    return {"$schema": whole["$schema"], "$defs": whole["$defs"], "$ref": "#/$defs/" + part} if part else whole


def faults(validator, path):
    try:
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(strict(path))]
    except ValueError as fault:
        return [str(fault)]


def reader(files):
    """What the C reader says: file -> (verdict, message); None where it was not built."""
    program = os.path.join(os.path.dirname(os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))), "tests", "manifest_verdicts")
    program = os.environ.get("PLC_MANIFEST_VERDICTS", program)
    if not os.access(program, os.X_OK):
        return None
    lines = subprocess.run([program] + files, capture_output=True, text=True, check=True).stdout.splitlines()
    return {file: (verdict, message) for verdict, file, message in (line.split("\t", 2) for line in lines)}


def main():
    try:
        from jsonschema import Draft202012Validator as Validator
    except ImportError:
        print("1..1\nok 1 - schemas # SKIP python3-jsonschema is not installed")
        return 0
    for path in sorted(glob.glob(os.path.join(SCHEMAS, "*.json"))):
        doc = strict(path)
        try:
            Validator.check_schema(doc)
            tap("title" in doc and "description" in doc and "$id" in doc, f"{os.path.basename(path)} is a schema that says what it is about")
        except Exception as fault:  # jsonschema's own SchemaError
            tap(False, f"{os.path.basename(path)} is a schema", fault)
    examples = sorted(glob.glob(os.path.join(EXAMPLES, "*.json")))
    tap({os.path.basename(p)[:-5] for p in examples} == set(PAIRS), "every example has its schema", examples)
    for path in examples:
        name = os.path.basename(path)[:-5]
        if name in PAIRS:
            found = faults(Validator(schema(PAIRS[name])), path)
            tap(not found, f"the example {name} is valid", "\n".join(found))
            # A schema that takes anything says nothing.
            tap(not Validator(schema(PAIRS[name])).is_valid({**strict(path), "surprise": 1}), f"{name} with an unknown member is not")
    for folder, name in (("placements", "placements"), ("terms", "terms")):
        for path in sorted(glob.glob(os.path.join(TOP, "presets", folder, "*.json"))):
            found = faults(Validator(schema(name)), path)
            tap(not found, f"presets/{folder}/{os.path.basename(path)} is valid", "\n".join(found))
    files = sorted(glob.glob(os.path.join(CORPUS, "*", "*.json")))
    said = reader(files + [os.path.join(EXAMPLES, f"submission-{n}.json") for n in ("minimal", "full")])
    tap(said is not None, "the C reader is built", "manifest_verdicts is not there")
    for path in files:
        kind, name = path.split(os.sep)[-2:]
        part = "sidecar" if name.endswith(".sidecar.json") else "folder"
        found = faults(Validator(schema("submission", part)), path)
        tap(bool(found) == (kind == "bad"), f"{kind}/{name}: the schema {'refuses' if kind == 'bad' else 'accepts'} it", "\n".join(found))
        if said is not None:
            verdict, message = said[path]
            tap((verdict == "accept") == (kind == "good"), f"{kind}/{name}: the reader {'accepts' if kind == 'good' else 'refuses'} it", message)
    for name in ("minimal", "full"):
        if said is not None:
            verdict, message = said[os.path.join(EXAMPLES, f"submission-{name}.json")]
            tap(verdict == "accept", f"the reader accepts the example {name}", message)
    print(f"1..{count}")
    return 0


sys.exit(main())
