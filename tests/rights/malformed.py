"""Which lines may not be read? Every member of every kind of line is taken away, doubled, misspelt, given other values; the C must accept or
refuse exactly what the reference does, and name the same line.

The values are chosen from the specification's words on forms (section 2, 4 and 6). How the C parses JSON is not the subject, so that
numbers beyond 64 bits, NUL in texts and the like are left to its unit tests.
"""
import copy
import json
import re

import generate
import reference as ref

T = "2025-01-0%dT00:00:00.000Z"
SCOPE = {"channels": ["pdp", "ad"], "territories": ["DE", "WW"], "exclude": ["CN"], "languages": ["de", "*-Latn"], "products": ["k1"],
         "controllers": ["Shop GmbH"], "edits": ["crop"], "sublicense": ["retailer"]}
GRANT = {"grant": "g1", "layer": "likeness", "person": "p1", "subject": {"item": "i1"}, "scope": SCOPE, "not_before": None, "not_after": T % 9,
         "captured_at": T % 1, "attested": False, "credit": "required", "terms": "ugc", "terms_version": 1, "evidence": "hmac"}
EVENTS = [
    {"type": "item.ingested", "item": "i1", "kind": "photo", "contributor": "c1", "submission": "s1", "shows_identity": True, "provenance": "camera",
     "attributes": ["experience_date"]},
    {"type": "persons.declared", "item": "i1", "persons": [{"id": "p1", "kind": "adult"}, {"id": "p2", "kind": "self"}]},
    {"type": "grant.given", **GRANT},
    {"type": "grant.renewed", **GRANT},
    {"type": "grant.given", **{k: v for k, v in GRANT.items() if k != "person"}, "grant": "g2", "layer": "licence"},
    {"type": "grant.requested", "grant": "g3", "layer": "likeness", "person": "p1", "subject": {"contributor": "c1"}},
    {"type": "grant.refused", "grant": "g3", "layer": "data", "subject": {"submission": "s1"}},
    {"type": "grant.narrowed", "grant": "g1", "scope": {k: SCOPE[k] for k in ("territories", "exclude")}},
    {"type": "guardian.verified", "grant": "g1"},
    {"type": "terms.published", "terms": "ugc", "version": 1, "language": "zh-Hant", "sha256": "0" * 64},
    {"type": "grant.withdrawn", "grant": "g1"}, {"type": "grant.terminated", "grant": "g1"}, {"type": "grant.invalidated", "grant": "g1"},
    {"type": "consent.withdrawn", "subject": {"person": "p1"}},
    {"type": "hold.placed", "hold": "h1", "target": {"item": "i1"}, "reason": "dispute", "channels": ["ad"], "territories": ["WW"]},
    {"type": "hold.lifted", "hold": "h1"},
    {"type": "moderation.decided", "item": "i1", "verdict": "approved", "policy_version": 1, "codes": ["fine"]},
    {"type": "disclosure.set", "item": "i1", "connection": "none", "verification": "order"},
    {"type": "flags.set", "item": "i1", "flags": ["animal"]},
    {"type": "item.erased", "item": "i2"}, {"type": "subject.erased", "contributor": "c2"},
    {"type": "pull.issued", "anything": [{"at": 1}]}, {"type": "request.opened", "anything": {"x": None}},
]
EVENTS = [{"seq": n, "recorded_at": T % 2, "effective_at": T % 1, **e} for n, e in enumerate(EVENTS, 1)]
QUESTIONS = [
    {"item": "i1", "channel": "ad", "territory": "DE", "language": "de", "product": "k1", "controller": "Shop GmbH", "edits": ["crop"],
     "sublicensee": "retailer", "identity": False, "at": T % 3, "head": 9},
    {"item": "i1", "channel": "pdp", "territory": "FR", "at": T % 3},
]
POLICY = {**generate.DEFAULT_POLICY, "suitability": [{"territories": ["DE"], "flag": "animal", "verdict": "warn"}], "ai_ok": ["pdp"],
          "attested_cap": {"channels": ["pdp"], "sublicense": ["retailer"]}}
OTHER_VALUES = {
    dict: [[], "x", 1, True],
    list: [{}, "x", 1, False, [1], [None], ["x"], [["x"]]],
    str: [1, True, [], {}, "something else"],
    bool: [0, 1, "true", []],
    int: ["1", True, [], -1, 0],
    type(None): [1, True, [], ""],
}
INSTANTS = ["2025-01-01T00:00:00Z", "2025-01-01T00:00:00.00Z", "2025-01-01T00:00:00.0000Z", "2025-01-01T00:00:00.000", "2025-01-01T00:00:00.000z",
            "2025-01-01 00:00:00.000Z", "2025-01-01T00:00:00,000Z", "2025-01-01T00:00:00.000+00:00", "2025-01-01T23:59:60.000Z", "2025-01-01T24:00:00.000Z",
            "2025-01-01T00:60:00.000Z", "2025-02-29T00:00:00.000Z", "2024-02-29T00:00:00.000Z", "1900-02-29T00:00:00.000Z", "2000-02-29T00:00:00.000Z",
            "2025-13-01T00:00:00.000Z", "2025-00-01T00:00:00.000Z", "2025-01-00T00:00:00.000Z", "2025-04-31T00:00:00.000Z", "25-01-01T00:00:00.000Z",
            " 2025-01-01T00:00:00.000Z", "2025-01-01T00:00:00.000Z ", "2025-1-01T00:00:00.000Z", "+025-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", ""]
TERRITORIES = ["WW", "de", "De", "D", "DEU", "D1", "EU", "ZZ", "\u00c4\u00d6", "", "D ", "*"]
LANGUAGES = ["de-", "-de", "de--DE", "de_DE", "abcdefghi", "abcdefgh", "*", "*-DE", "de-*", "d\u00e9", "de DE", "", "1", "de-12345678-x-y", "**", "de-**"]


SHOWN = 20


def at(root, path):
    for step in path:
        root = root[step]
    return root


def paths_of(value, path=()):
    """Every place in a JSON value, the whole first."""
    yield path
    if isinstance(value, dict):
        for name in value:
            yield from paths_of(value[name], path + (name,))
    elif isinstance(value, list):
        for n in range(len(value)):
            yield from paths_of(value[n], path + (n,))


def with_value(root, path, value):
    root = copy.deepcopy(root)
    if not path:
        return value
    at(root, path[:-1])[path[-1]] = value
    return root


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def variants(line):
    """(what was done, the changed line as text) of one line, from the form of its members."""
    for path in paths_of(line):
        value, where = at(line, path), "/" + "/".join(map(str, path))
        for other in OTHER_VALUES[type(value)] + ([None] if value is not None else []):
            yield "%s = %s" % (where, dumps(other)), dumps(with_value(line, path, other))
        yield where + " a float", dumps(with_value(line, path, "@")).replace('"@"', "1.0")
        yield where + " an exponent", dumps(with_value(line, path, "@")).replace('"@"', "1e2")
        if isinstance(value, dict):
            for extra, what in (({"y_more": 1}, "an unknown member"), ({"x_more": {"y": [None, 1]}}, "x_more"), ({"X_more": 1}, "X_more"),
                                ({"x": 1}, "x"), ({"x_": 1}, "x_")):
                yield "%s with %s" % (where, what), dumps(with_value(line, path, {**value, **extra}))
            yield where + " with a float in x_more", dumps(with_value(line, path, {**value, "x_more": ["@"]})).replace('"@"', "0.5")
            for first in list(value)[:1]:
                twice = dumps(value)[:-1] + "," + dumps({first: value[first]})[1:]
                yield "%s twice" % where, dumps(with_value(line, path, "@")).replace('"@"', twice)
            yield where + " with x_more twice", dumps(with_value(line, path, "@")).replace('"@"', dumps(value)[:-1] + (',"x_m":1,"x_m":1}' if value else "}"))
        if isinstance(value, list) and value:
            yield where + " empty", dumps(with_value(line, path, []))
            yield where + " said twice", dumps(with_value(line, path, value + value))
            yield where + " with one wrong", dumps(with_value(line, path, value + ["no such"]))
        if path and isinstance(path[-1], str):
            less = copy.deepcopy(line)
            del at(less, path[:-1])[path[-1]]
            yield where + " taken away", dumps(less)
            wrong = {{"Y": name}.get("Y", name).upper() if name == path[-1] else name: v for name, v in at(line, path[:-1]).items()}
            yield where + " in capitals", dumps(with_value(line, path[:-1], wrong))
        kind = re.sub(r"^.*/(?=[a-z_]+)", "", re.sub(r"/\d+$", "", where))
        table = INSTANTS if kind in ("at", "recorded_at", "effective_at", "captured_at", "not_before", "not_after") else \
            TERRITORIES if kind in ("territory", "territories", "exclude") else LANGUAGES if kind in ("language", "languages") else []
        if isinstance(value, str):
            for other in table:
                yield "%s = %s" % (where, dumps(other)), dumps(with_value(line, path, other))


def raw_variants(text):
    yield "blank", ""
    yield "spaces", "   "
    yield "cut short", text[:-1]
    yield "more behind it", text + "{}"
    yield "a comma behind it", text + ","
    yield "single quotes", text.replace('"', "'")
    yield "a comment", "// " + text
    yield "spaces around", " " + text + " \t"
    yield "a list", "[" + text + "]"
    yield "not UTF-8", text[:-1].encode("utf-8") + b',"x_more":"\xff"}'
    yield "a raw control character", text[:-1] + ',"x_more":"\x01"}'
    yield "NaN", text[:-1] + ',"x_more":NaN}'
    yield "half a surrogate pair", text[:-1] + ',"x_more":"\\ud800"}'
    yield "an escape", text[:-1] + ',"x_more":"\\u00e9\\n"}'


def event_cases():
    """(what, events as bytes) of one changed line each, and of lines that only disagree with another one."""
    for n, event in enumerate(EVENTS):
        rest = [dumps(e) for e in EVENTS]
        for what, line in list(variants(event)) + (list(raw_variants(dumps(event))) if n in (0, 2, len(EVENTS) - 1) else []):
            raw = [r.encode("utf-8") for r in rest]
            raw[n] = line if isinstance(line, bytes) else line.encode("utf-8")
            yield "event %d (%s): %s" % (n + 1, event["type"], what), b"\n".join(raw) + b"\n"
    for n in range(len(EVENTS)):
        yield "event %d left out" % (n + 1), generate.lines(EVENTS[:n] + EVENTS[n + 1:])
        yield "event %d twice" % (n + 1), generate.lines(EVENTS[:n + 1] + EVENTS[n:])
        again = {**EVENTS[n], "seq": len(EVENTS) + 1}
        yield "event %d again at the end" % (n + 1), generate.lines(EVENTS + [again])
        yield "event %d and hashes" % (n + 1), generate.lines(EVENTS[:n] + [{**EVENTS[n], "prev_hash": "0" * 64, "hash": "1" * 64}] + EVENTS[n + 1:])
    last = {"seq": len(EVENTS) + 1, "recorded_at": T % 2, "effective_at": T % 1}
    for what, change in (("another item", {"subject": {"item": "i2"}}), ("another kind of subject", {"subject": {"submission": "i1"}}),
                         ("another person", {"person": "p2"}), ("another layer", {"layer": "licence"}), ("the same, with x_", {"subject": {"item": "i1", "x_": 1}}),
                         ("captured later than recorded", {"captured_at": "2025-01-02T00:00:00.001Z"}), ("captured when recorded", {"captured_at": T % 2})):
        for kind in ("grant.given", "grant.renewed", "grant.requested"):
            changed = {**last, "type": kind, **GRANT, **change}
            if changed["layer"] != "likeness":
                del changed["person"]
            if kind == "grant.requested":
                changed = {k: v for k, v in changed.items() if k in (*last, "type", "grant", "layer", "person", "subject")}
            yield "%s again with %s" % (kind, what), generate.lines(EVENTS + [changed])
    yield "no event", b""
    yield "one empty line", b"\n"
    yield "no line end after the last event", generate.lines(EVENTS)[:-1]
    yield "an empty line at the end", generate.lines(EVENTS) + b"\n"


def question_cases():
    for n, question in enumerate(QUESTIONS):
        for what, line in list(variants(question)) + list(raw_variants(dumps(question))):
            yield "question %d: %s" % (n + 1, what), line if isinstance(line, bytes) else line.encode("utf-8")


def policy_cases():
    for what, line in list(variants(POLICY)) + list(raw_variants(dumps(POLICY))):
        yield "policy: " + what, line if isinstance(line, bytes) else line.encode("utf-8")
    yield "policy: on many lines", json.dumps(POLICY, indent=2).encode("utf-8")


def judge_whole(decide, policy, events):
    """(the C's word, the reference's word) of a whole file: the line refused or None; the C must answer nothing when it refuses."""
    questions = generate.lines(QUESTIONS)
    status, answers, said = decide(policy, events, questions)
    named = re.search(r"/(events|policy)(?:, line (\d+))?[:,]", said)
    theirs = None if status == 0 and len(answers) == len(QUESTIONS) else \
        (status, len(answers), named and named.group(1), int(named.group(2) or 0) if named and named.group(1) == "events" else 0)
    try:
        ref.read_policy(policy)
    except ref.Malformed:
        return theirs, (1, 0, "policy", 0), said
    try:
        ref.read_events(events)
    except ref.Malformed as error:
        return theirs, (1, 0, "events", error.line), said
    return theirs, None, said


def judge_questions(decide, cases):
    """All variants in one file: each is answered or named, whatever stands around it."""
    raw = b"\n".join(line for _, line in cases) + b"\n"
    status, answers, said = decide(generate.lines([POLICY]), generate.lines(EVENTS), raw)
    refused = {int(n) for n in re.findall(r"/questions, line (\d+)[:,]", said)}
    ledger = ref.Ledger(ref.read_events(generate.lines(EVENTS)), POLICY)
    wanted, wrong = [], []
    for n, (what, line) in enumerate(cases, 1):
        try:
            q = ref.read_question(line)
            ref.LIKELY.update({q["language"]: q["language"]} if q.get("language") not in ref.LIKELY and q.get("language") else {})
            wanted.append(ledger.answer(q))
            bad = False
        except ref.Malformed:
            bad = True
        if bad != (n in refused):
            wrong.append("%s: placet %s, reference %s: %s" % (what, *(("accepts", "refuses") if bad else ("refuses", "accepts")), line.decode("utf-8", "replace")))
    if not wrong and (status != (1 if refused else 0) or wanted != answers):
        wrong.append("exit status %d, %d answers, wanted %d; or another answer" % (status, len(answers), len(wanted)))
        wrong += ["%s instead of %s" % pair for pair in zip(answers, wanted) if pair[0] != pair[1]][:5]
    return wrong


def told(wrong):
    return "\n".join("# " + w[:400] for w in wrong[:SHOWN])


def compare(decide, step=1):
    """TAP rows: (good, what, told). step: every how many-th ledger and policy; each costs a start of the program."""
    rows, events, policy = [], generate.lines(EVENTS), generate.lines([POLICY])
    for what, least, cases in (("ledgers", 150, [(w, policy, e) for w, e in event_cases()][::step]),
                               ("policies", 50, [(w, p, events) for w, p in policy_cases()][::step])):
        wrong, refused = [], 0
        for name, p, e in cases:
            theirs, ours, said = judge_whole(decide, p, e)
            refused += ours is not None
            if theirs != ours:
                wrong.append("%s: placet %s, reference %s; %s" % (name, theirs, ours, said.strip()))
        rows.append((not wrong and refused >= least, "%d %s of which %d are malformed are told apart, each at its line" % (len(cases), what, refused),
                     told(wrong)))
    cases = list(question_cases())
    wrong = judge_questions(decide, cases)
    rows.append((not wrong, "%d questions, whole and malformed, are told apart in one file" % len(cases), told(wrong)))
    return rows
