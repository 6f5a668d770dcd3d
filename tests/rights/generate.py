#!/usr/bin/env python3
"""Which ledgers is decide() tried on? One seed, one case: a policy, a ledger whose events get into each other's way, and questions.

    tests/rights/generate.py SEED     prints the case: policy, events, questions

A case begins friendly (items taken in, approved, granted), else nearly every answer would be a denial; then come events of all types
at instants of a small pool, so that ties, reuse of ids and events of the future are common.
"""
import json
import os
import random
import sys

import reference as ref

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
with open(os.path.join(TOP, "presets/policy/default.json"), "rb") as shipped:
    DEFAULT_POLICY = ref.read_policy(shipped.read())

START = ref.from_text("2024-01-01T00:00:00.000Z")
LAND = ["DE", "FR", "US", "CN"]
RANGES = ["en", "en-US", "EN-latn", "de", "de-CH", "de-1996", "*-DE", "fr", "pt-BR", "zh", "zh-Hant", "zh-TW", "zh-Hans", "zh-*-TW", "sr-Latn",
          "sr-Cyrl-RS", "es-419", "qaa", "*", "x-klingon", "und", "en-x-shop", "en-shop", "*-*-US", "de-Latn-*"]
PEOPLE = ["p1", "p2", "p\"3", "p\u00e9", "\U0001d11ep", "\ufb01p", "i1", "c1"]  # some are named as things of other kinds are; by UTF-8 bytes the fifth comes last, by UTF-16 it does not
FLAGS = ["animal", "alcohol", "skin", "religi\u00f6s", "\U0001f377", "\uff21", "pork\\1"]
ATTRIBUTES = ["experience_date", "connection", "order"]
CONNECTIONS = ["none", "none", "none", "incentive", "free_product", "affiliate", "employee", "family", "contest", "unknown"]
LAST = 253_402_300_799_999


class Case:
    def __init__(self, seed):
        r = self.r = random.Random(seed)
        self.instants = [START + r.choice([0, 1, ref.DAY * r.randrange(600), r.randrange(600 * ref.DAY)]) for _ in range(r.randint(4, 9))]
        self.instants.sort()
        self.early, self.far = self.instants[: len(self.instants) // 2], r.random() < 0.03
        self.items = ["i%d" % n for n in range(1, r.randint(1, 4) + 1)]
        self.people = r.sample(PEOPLE, r.randint(1, 3))
        self.contributors, self.submissions = ["c1", "c2"], ["s1", "s2"] if self.chance(0.7) else ["s1", "c1"]
        self.holders, self.new, self.lines = {}, list(self.items), []
        self.harm = r.choice([0.02, 0.1, 0.3, 0.8])
        self.policy = self.make_policy()
        self.length = r.choice([r.randint(5, 15), r.randint(15, 40), r.randint(40, 60)])
        self.make_events()
        self.questions = [self.make_question() for _ in range(r.randint(20, 60))]

    # ---- small choices
    def chance(self, p):
        return self.r.random() < p

    def when(self, early=False):
        at = self.r.choice(self.early if early and self.early else self.instants)
        return at + (self.r.choice([-1, 1]) if self.chance(0.05) else 0)

    def some(self, of, p=0.6):
        return [one for one in of if self.chance(p)]

    def lands(self, p=0.5):
        return ["WW"] if self.chance(0.3) else self.some(LAND, p) + (["WW"] if self.chance(0.05) else [])

    def whose(self, person=False):
        kind = self.r.choice(["item", "item", "submission", "contributor"] + (["person"] * 2 if person else []))
        return {kind: self.r.choice({"item": self.items + ["i9"], "submission": self.submissions, "contributor": self.contributors,
                                     "person": self.people}[kind])}

    # ---- policy
    def make_policy(self):
        r = self.r
        if self.chance(0.35):
            return DEFAULT_POLICY
        rows = [{"channels": self.some(ref.CHANNELS), "territories": self.lands(), "kinds": self.some(ref.PERSON_KINDS)} for _ in range(r.randint(0, 2))]
        required = [{"channels": self.some(ref.CHANNELS), "territories": self.lands(0.2), "kind": r.choice(["photo", "review"]),
                     "attribute": r.choice(ATTRIBUTES)} for _ in range(r.randint(0, 2))]
        suitability = [{"territories": self.lands(), "flag": r.choice(FLAGS), "verdict": r.choice(["deny", "warn", "warn"])} for _ in range(r.randint(0, 8))]
        ttl = {c: r.choice([0, 1, 86_400, 30 * 86_400, 400 * 86_400, r.randrange(10**8)]) for c in self.some(ref.CHANNELS, 0.3)}
        days = r.choice([30, 365, 730, 730, 730, 3650])
        if self.chance(0.02):
            days, ttl["pdp"] = r.choice([4_000_000, 106_751_991_167, 10**12, 2**63 - 1]), r.choice([10**12, 2**63 - 1])
        cap = {}
        if self.chance(0.8):
            cap["channels"] = self.some(ref.CHANNELS)
        if self.chance(0.6):
            cap["sublicense"] = self.some(ref.SUBLICENSE)
        return {"version": r.randint(1, 9), "min_moderation_version": r.choice([0, 1, 2]), "people_must_be_declared": self.some(ref.CHANNELS),
                "likeness": rows, "minors_in_ads": self.chance(0.5), "required": required, "can_disclose": self.some(ref.CHANNELS, 0.8),
                "ai_ok": self.some(ref.CHANNELS), "suitability": suitability, "max_ttl": ttl, "max_grant_days": days, "attested_cap": cap}

    # ---- events
    def add(self, event_type, at, /, **fields):
        recorded = fields.pop("recorded", None) or self.when()
        self.lines.append((at, {"seq": 0, "recorded_at": ref.to_text(recorded), "effective_at": ref.to_text(at), "type": event_type, **fields}))

    def ingest(self, item, at):
        self.add("item.ingested", at, item=item, kind=self.r.choice(["photo", "review"]),
                 contributor=None if self.chance(0.1) else self.r.choice(self.contributors),
                 submission=None if self.chance(0.1) else self.r.choice(self.submissions), shows_identity=self.chance(0.3),
                 provenance=self.r.choice(["camera"] * 7 + ["unknown", "unknown", "ai"]), attributes=self.some(ATTRIBUTES, 0.9))

    def scope(self, broad, narrowing=False):
        rare, r = (0.05 if broad else 0.35), self.r
        scope = {} if narrowing and self.chance(0.7) else {"channels": ref.CHANNELS if broad and not narrowing and self.chance(0.9) else self.some(ref.CHANNELS)}
        values = {"territories": self.lands, "exclude": lambda: self.some(LAND, 0.3) + (["WW"] if self.chance(0.05) else []),
                  "languages": lambda: r.sample(RANGES, r.randint(0, 6)), "products": lambda: self.some(["k1", "k2"]),
                  "controllers": lambda: self.some(["Shop GmbH", "Shop Inc"]), "edits": lambda: self.some(ref.EDITS, 0.75),
                  "sublicense": lambda: self.some(ref.SUBLICENSE, 0.75)}
        for name, value in values.items():
            if self.chance(rare):
                scope[name] = value()
        return scope

    def holder(self, grant):
        if grant not in self.holders:
            layer = self.r.choice(["licence", "licence", "data", "likeness"])
            self.holders[grant] = {"layer": layer, **({"person": self.r.choice(self.people)} if layer == "likeness" else {}), "subject": self.whose()}
        return self.holders[grant]

    def grant(self, kind, grant, at, broad=False):
        """broad: one that opens much, so that something is allowed for the rest to take away"""
        r = self.r
        captured, bound = self.when(True), (lambda: None) if self.chance(0.85 if broad else 0.4) else lambda: ref.to_text(self.when())
        fields = {"grant": grant, **self.holder(grant), "scope": self.scope(broad), "not_before": bound() if self.chance(0.4) else None,
                  "not_after": bound() if self.chance(0.4) else None, "captured_at": ref.to_text(captured), "attested": self.chance(0.08 if broad else 0.2),
                  "terms": "ugc", "terms_version": 1, "evidence": "hmac"}
        for name in ("not_before", "not_after"):
            if fields[name] is None and self.chance(0.1):
                del fields[name]
        if self.chance(0.2):
            fields["credit"] = r.choice(["required", "required", "optional", "forbidden"])
        if self.far and self.chance(0.5):
            fields["not_before" if self.chance(0.5) else "not_after"] = ref.to_text(LAST - r.choice([0, 1, 365 * ref.DAY, 2_000 * ref.DAY]))
        self.add(kind, at, recorded=max(captured, self.when()), **fields)

    def some_grant(self):
        known = sorted(self.holders)
        return self.r.choice(known) if known and self.chance(0.8) else "g%d" % self.r.randint(1, 25)

    def friendly(self):
        for item in list(self.new):
            self.new.remove(item)
            self.ingest(item, self.instants[0])
            at = self.instants[0] if self.chance(0.95) else self.when(True)
            if self.chance(0.95):
                self.add("moderation.decided", at, item=item, verdict="approved", policy_version=self.r.choice([1, 2, 2]), codes=[])
            if self.chance(0.95):
                self.add("disclosure.set", at, item=item, connection=self.r.choice(CONNECTIONS), verification="order")
            declared = self.some(self.people, 0.4)
            if self.chance(0.9):
                self.add("persons.declared", at, item=item, persons=[{"id": p, "kind": self.person_kind()} for p in declared])
            for layer, person in [("licence", None), ("data", None)] + [("likeness", p) for p in declared]:
                if self.chance(0.97):
                    grant = "g%d" % (len(self.holders) + 1)
                    self.holders[grant] = {"layer": layer, **({"person": person} if person else {}), "subject": {"item": item}}
                    self.grant("grant.given", grant, at, broad=True)
                    if person and self.chance(0.5):
                        self.add("guardian.verified", self.when(True), grant=grant)

    def person_kind(self):
        return self.r.choice(["adult", "adult", "self", "minor", "minor", "unknown"] if self.chance(0.3) else ["adult", "self"])

    def harmful(self, at):
        kind, r = self.r.randrange(10), self.r
        if kind == 0:
            self.add(r.choice(["grant.withdrawn", "grant.withdrawn", "grant.terminated", "grant.invalidated"]), at, grant=self.some_grant())
        elif kind == 1:
            self.add("consent.withdrawn", at, subject=self.whose(person=True))
        elif kind == 2 and self.chance(0.2):
            self.add("item.erased", at, item=r.choice(self.items))
        elif kind == 3 and self.chance(0.1):
            self.add("subject.erased", at, contributor=r.choice(self.contributors + ["c9"]))
        elif kind in (4, 5):
            limits = {}
            if self.chance(0.6):
                limits["channels"] = self.some(ref.CHANNELS, 0.3)
            if self.chance(0.6):
                limits["territories"] = self.lands(0.3)
            self.add("hold.placed", at, hold=r.choice(["h1", "h2"]), target=self.whose(), reason="dispute", **limits)
        elif kind == 6:
            self.add("moderation.decided", at, item=r.choice(self.items), verdict=r.choice(["approved", "rejected", "pending"]),
                     policy_version=r.choice([0, 1, 2]), codes=["blurred"])
        elif kind == 7:
            self.add("disclosure.set", at, item=r.choice(self.items), connection="unknown", verification="none")
        else:
            self.add("grant.narrowed", at, grant=self.some_grant(), scope=self.scope(self.chance(0.7), narrowing=True))

    def harmless(self, at):
        kind, r = self.r.randrange(10), self.r
        if kind in (0, 1):
            self.grant(r.choice(["grant.given", "grant.renewed"]), self.some_grant(), at, broad=self.chance(0.5))
        elif kind in (2, 3):
            self.add("hold.lifted", at, hold=r.choice(["h1", "h2"]))
        elif kind == 4:
            self.add("disclosure.set", at, item=r.choice(self.items), connection=r.choice(CONNECTIONS), verification="email")
        elif kind == 5:
            self.add("flags.set", at, item=r.choice(self.items), flags=self.some(FLAGS, 0.4))
        elif kind == 6:
            self.add("persons.declared", at, item=r.choice(self.items), persons=[{"id": p, "kind": self.person_kind()} for p in self.some(self.people, 0.5)])
        elif kind == 7:
            self.add("guardian.verified", at, grant=self.some_grant())
        elif kind == 8:
            self.add("moderation.decided", at, item=r.choice(self.items), verdict="approved", policy_version=r.choice([1, 2, 3]), codes=[])
        else:
            self.record(at)

    def record(self, at):
        kind = self.r.choice(ref.FOR_THE_RECORD + ["request.opened", "terms.published", "grant.requested", "grant.refused"])
        if kind == "terms.published":
            self.add(kind, at, terms="ugc", version=1, language="zh-Hant", sha256="00" * 32)
        elif kind.startswith("grant."):
            grant = self.some_grant()
            self.add(kind, at, grant=grant, **self.holder(grant))
        else:
            self.add(kind, at, note={"any": [1, True, None]}, grant="g1", item="i1")

    def make_events(self):
        if self.chance(0.95):
            self.friendly()
        while len(self.lines) < self.length:
            at = self.when(early=self.chance(0.3))
            if self.new and self.chance(0.5):
                self.ingest(self.new.pop(), at)
            elif self.chance(self.harm):
                self.harmful(at)
            else:
                self.harmless(at)
        if self.chance(0.5):
            self.lines.sort(key=lambda line: line[0])
        elif self.chance(0.5):
            self.r.shuffle(self.lines)
        del self.lines[60:]
        self.events = [{**e, "seq": n} for n, (_, e) in enumerate(self.lines, 1)]

    # ---- questions
    def interesting(self):
        """An instant at which something changes, or just beside one."""
        ends = [ref.end_of({**e, "at": at}, self.policy) for at, e in self.lines if e["type"] in ("grant.given", "grant.renewed")]
        at = self.r.choice([e for e in ends if e is not None] if self.chance(0.2) and any(e is not None for e in ends) else self.early if self.chance(0.5) and self.early else self.instants)
        return min(max(at + self.r.choice([0, 0, 0, 0, -1, 1, 1, ref.DAY, 100 * ref.DAY]), 0), LAST)

    def make_question(self):
        r = self.r
        q = {"item": r.choice(self.items) if self.chance(0.98) else "i9", "channel": r.choice(ref.CHANNELS[:3] + ["ad", "ad"] + ref.CHANNELS[3:]),
             "territory": r.choice(LAND), "at": ref.to_text(self.interesting())}
        choices = {"language": (0.7, list(ref.LIKELY)), "product": (0.8, ["k1", "k2", "k2", "k9"]), "controller": (0.7, ["Shop GmbH", "Shop Inc"]),
                   "sublicensee": (0.06, ref.SUBLICENSE), "identity": (0.5, [True, False, False])}
        for name, (p, values) in choices.items():
            if self.chance(p):
                q[name] = r.choice(values)
            elif self.chance(0.1):
                q[name] = None
        if self.chance(0.6):
            q["edits"] = self.some(["crop", "colour", "excerpt"], 0.4) + self.some(ref.EDITS[2:], 0.04)
        if self.chance(0.25):
            q["head"] = r.randint(0 if self.chance(0.3) else len(self.events) // 2, len(self.events) + 2)
        return q


def lines(values):
    return "".join(json.dumps(v, ensure_ascii=False, separators=(",", ":")) + "\n" for v in values).encode("utf-8")


def main():
    case = Case(int(sys.argv[1]))
    sys.stdout.buffer.write(lines([case.policy]) + lines(case.events) + lines(case.questions))


if __name__ == "__main__":
    main()
