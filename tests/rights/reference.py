"""What does the rights model say, read a second time? decide() and the forms of its three files, from the specification alone.

Written to be compared with the C (test_reference.py): it states the definitions one after the other and takes no short cut that the
specification does not name. Standard library only.
"""
import calendar
import json
import re

CHANNELS = ["pdp", "home", "landing", "email", "social", "ad", "feed", "marketplace", "print"]
EDITS = ["crop", "colour", "overlay", "excerpt", "translate", "composite", "ai"]
SUBLICENSE = ["ad_platform", "retailer", "affiliate"]
PERSON_KINDS = ["minor", "unknown", "adult", "self"]  # at a clash the first of them counts
LAYERS = ["licence", "data", "likeness"]
FAILURES = ["WITHDRAWN", "NOT_YET", "EXPIRED", "CHANNEL", "TERRITORY", "LANGUAGE", "PRODUCT", "CONTROLLER", "EDIT", "SUBLICENCE", "ATTESTED"]
DAY = 86_400_000
LAST_INSTANT = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z

# CLDR likely subtags of the languages that the tests ask for, by hand; None: counts as no language.
LIKELY = {
    "en": "en-Latn-US", "en-GB": "en-Latn-GB", "EN-us": "en-Latn-US", "en-Shaw": "en-Shaw-GB", "en-x-shop": "en-Latn-US-x-shop",
    "de": "de-Latn-DE", "de-AT": "de-Latn-AT", "de-CH-1996": "de-Latn-CH-1996", "fr": "fr-Latn-FR", "fr-CA": "fr-Latn-CA",
    "es": "es-Latn-ES", "es-419": "es-Latn-419", "pt": "pt-Latn-BR", "pt-BR": "pt-Latn-BR", "pt-PT": "pt-Latn-PT",
    "zh": "zh-Hans-CN", "zh-TW": "zh-Hant-TW", "ZH-hk": "zh-Hant-HK", "zh-Hant": "zh-Hant-TW", "zh-Hans": "zh-Hans-CN",
    "zh-Hant-CN": "zh-Hant-CN", "yue": "yue-Hant-HK", "sr": "sr-Cyrl-RS", "sr-Latn": "sr-Latn-RS", "sr-ME": "sr-Latn-ME",
    "ja": "ja-Jpan-JP", "ko": "ko-Kore-KR", "ru": "ru-Cyrl-RU", "uz-AF": "uz-Arab-AF", "pa-PK": "pa-Arab-PK",
    "qaa": "qaa", "und": None, "und-DE": None, "x-klingon": None, "UND": None,
}


class Malformed(Exception):
    """line: 1, 2, 3 …; 0 where the file is one object (the policy)."""

    def __init__(self, why, line=0):
        super().__init__(why)
        self.line = line


# ---- forms -----------------------------------------------------------------------------------------------------------------------


def need(condition, why):
    if not condition:
        raise Malformed(why)


def text(v):
    need(isinstance(v, str), "not a text")


def integer(v):
    need(type(v) is int, "not an integer")


def at_least(low):
    def check(v):
        integer(v)
        need(v >= low, "less than %d" % low)
    return check


def boolean(v):
    need(isinstance(v, bool), "not true or false")


def instant(v):
    text(v)
    m = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.[0-9]{3}Z", v)
    need(m, "not an instant")
    year, month, day, hour, minute, second = map(int, m.groups())
    need(1 <= month <= 12, "no such month")
    need(1 <= day <= [31, 29 if calendar.isleap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1], "no such day")
    need(hour < 24 and minute < 60 and second < 60, "no such time of day")


def one_of(*words):
    def check(v):
        need(isinstance(v, str) and v in words, "not one of " + " ".join(words))
    return check


def matching(pattern):
    def check(v):
        need(isinstance(v, str) and re.fullmatch(pattern, v), "not of the form " + pattern)
    return check


def list_of(check_one):
    def check(v):
        need(isinstance(v, list), "not a list")
        for one in v:
            check_one(one)
    return check


def nullable(check_some):
    def check(v):
        if v is not None:
            check_some(v)
    return check


def members(required, optional=None):
    """An object with these members; any x_… besides."""
    optional = optional or {}

    def check(v):
        need(isinstance(v, dict), "not an object")
        for name in required:
            need(name in v, "lacks " + name)
        for name, value in v.items():
            known = required.get(name) or optional.get(name)
            need(known or name.startswith("x_"), "unknown member " + name)
            if known:
                known(value)
    return check


def exactly_one(*names):
    some = members({}, {name: text for name in names})

    def check(v):
        some(v)
        need(sum(name in v for name in names) == 1, "not exactly one of " + " ".join(names))
    return check


channels = list_of(one_of(*CHANNELS))
territory = matching("[A-Z]{2}")
territories = list_of(territory)
language = matching(r"([A-Za-z0-9]{1,8}|\*)(-([A-Za-z0-9]{1,8}|\*))*")
DIMENSIONS = {
    "channels": channels, "territories": territories, "exclude": territories, "languages": list_of(language), "products": list_of(text),
    "controllers": list_of(text), "edits": list_of(one_of(*EDITS)), "sublicense": list_of(one_of(*SUBLICENSE)),
}
holder = {"grant": text, "layer": one_of(*LAYERS), "subject": exactly_one("item", "submission", "contributor")}
# What may be null may be absent, and an attestation has no terms; the specification does not say otherwise.
given = (
    {**holder, "scope": members({"channels": channels}, DIMENSIONS), "captured_at": instant, "attested": boolean},
    {"person": text, "credit": one_of("required", "optional", "forbidden"), "not_before": nullable(instant), "not_after": nullable(instant),
     "terms": nullable(text), "terms_version": nullable(integer), "evidence": nullable(text)},
)
EVENTS = {
    "item.ingested": ({"item": text, "kind": one_of("photo", "review"), "shows_identity": boolean,
                       "provenance": one_of("camera", "ai", "unknown"), "attributes": list_of(text)},
                      {"contributor": nullable(text), "submission": nullable(text)}),
    "item.erased": ({"item": text}, {}),
    "subject.erased": ({"contributor": text}, {}),
    "persons.declared": ({"item": text, "persons": list_of(members({"id": text, "kind": one_of(*PERSON_KINDS)}))}, {}),
    "guardian.verified": ({"grant": text}, {}),
    "terms.published": ({"terms": text, "version": integer, "language": language, "sha256": text}, {}),
    "grant.given": given,
    "grant.renewed": given,
    "grant.requested": (holder, {"person": text}),
    "grant.refused": (holder, {"person": text}),
    "grant.narrowed": ({"grant": text, "scope": members({}, DIMENSIONS)}, {}),
    "grant.withdrawn": ({"grant": text}, {}),
    "grant.terminated": ({"grant": text}, {}),
    "grant.invalidated": ({"grant": text}, {}),
    "consent.withdrawn": ({"subject": exactly_one("item", "submission", "contributor", "person")}, {}),
    "hold.placed": ({"hold": text, "target": exactly_one("item", "submission", "contributor"), "reason": text},
                    {"channels": channels, "territories": territories}),
    "hold.lifted": ({"hold": text}, {}),
    "moderation.decided": ({"item": text, "verdict": one_of("approved", "rejected", "pending"), "policy_version": integer,
                            "codes": list_of(text)}, {}),
    "disclosure.set": ({"item": text, "connection": one_of("none", "incentive", "free_product", "affiliate", "employee", "family",
                                                           "contest", "unknown"),
                        "verification": one_of("order", "email", "receipt", "merchant", "none")}, {}),
    "flags.set": ({"item": text, "flags": list_of(text)}, {}),
}
FOR_THE_RECORD = ["pull.issued", "recall.sent", "recall.acked", "publication.published", "publication.withdrawn", "policy.changed",
                  "retention.removed", "text.decoded"]
COMMON = {"seq": integer, "recorded_at": instant, "effective_at": instant, "type": text}
CHAIN = {"prev_hash": text, "hash": text}
QUESTION = members(
    {"item": text, "channel": one_of(*CHANNELS), "territory": territory, "at": instant},
    {"language": language, "product": text, "controller": text, "edits": list_of(one_of(*EDITS)), "sublicensee": one_of(*SUBLICENSE),
     "identity": boolean, "head": at_least(0)})
POLICY = members({
    "version": integer, "min_moderation_version": integer, "people_must_be_declared": channels,
    "likeness": list_of(members({"channels": channels, "territories": territories, "kinds": list_of(one_of(*PERSON_KINDS))})),
    "minors_in_ads": boolean,
    "required": list_of(members({"channels": channels, "territories": territories, "kind": one_of("photo", "review"), "attribute": text})),
    "can_disclose": channels, "ai_ok": channels,
    "suitability": list_of(members({"territories": territories, "flag": text, "verdict": one_of("deny", "warn")})),
    "max_ttl": members({}, {channel: at_least(0) for channel in CHANNELS}), "max_grant_days": at_least(1),
    "attested_cap": members({}, {"channels": channels, "sublicense": list_of(one_of(*SUBLICENSE))}),
})


def read_json(raw):
    def no_float(_):
        raise Malformed("a float")

    def once(pairs):
        need(len({name for name, _ in pairs}) == len(pairs), "a member twice")
        return dict(pairs)

    try:
        line = raw.decode("utf-8")
        need(line.strip(" \t\r\n"), "a blank line")
        value = json.loads(line, object_pairs_hook=once, parse_float=no_float, parse_constant=no_float)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no text
    except ValueError as error:
        raise Malformed(str(error)) from error
    return value


def lines_of(raw):
    lines = raw.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def read_event(raw):
    event = read_json(raw)
    need(isinstance(event, dict), "not an object")
    for name, check in COMMON.items():
        need(name in event, "lacks " + name)
        check(event[name])
    for name, check in CHAIN.items():
        if name in event:
            check(event[name])
    kind = event["type"]
    if kind in FOR_THE_RECORD or kind.startswith("request."):
        return event
    need(kind in EVENTS, "unknown type")
    required, optional = EVENTS[kind]
    members(required, optional)({k: v for k, v in event.items() if k not in COMMON and k not in CHAIN})
    if "layer" in event:
        need(("person" in event) == (event["layer"] == "likeness"), "person exactly on likeness")
    if "captured_at" in event:
        need(event["captured_at"] <= event["recorded_at"], "captured after it was recorded")
    if kind == "persons.declared":
        need(len({p["id"] for p in event["persons"]}) == len(event["persons"]), "a person twice")
    return event


def read_events(raw):
    events, ingested, holders = [], set(), {}
    for number, line in enumerate(lines_of(raw), 1):
        try:
            e = read_event(line)
            need(e["seq"] == number, "seq is not %d" % number)
            if e["type"] == "item.ingested":
                need(e["item"] not in ingested, "a second item.ingested")
                ingested.add(e["item"])
            if e["type"] in ("grant.given", "grant.renewed"):
                subject = {k: v for k, v in e["subject"].items() if not k.startswith("x_")}
                holder_of = (e["layer"], e.get("person"), subject)
                need(holders.setdefault(e["grant"], holder_of) == holder_of, "layer, person, subject may not change")
            events.append(e)
        except Malformed as error:
            raise Malformed(str(error), number) from error
    return events


def read_question(raw):
    q = read_json(raw)
    need(isinstance(q, dict), "not an object")
    q = {name: value for name, value in q.items() if value is not None or name not in ALL_OF_A_QUESTION}
    QUESTION(q)
    need(q["territory"] != "WW", "a question has a country")
    return q


ALL_OF_A_QUESTION = ["item", "channel", "territory", "language", "product", "controller", "edits", "sublicensee", "identity", "at", "head"]


def read_policy(raw):
    policy = read_json(raw)
    POLICY(policy)
    return policy


# ---- time ------------------------------------------------------------------------------------------------------------------------


def from_text(v):
    y, mo, d, h, mi, s, ms = (int(v[i:j]) for i, j in ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19), (20, 23)))
    return calendar.timegm((y, mo, d, h, mi, s)) * 1000 + ms


def to_text(ms):
    days, rest = divmod(ms, DAY)
    z = days + 719_468  # civil date from days, eras of 400 years beginning on 1 March
    era, doe = divmod(z, 146_097)
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    month = (5 * doy + 2) // 153
    day = doy - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    s, ms = divmod(rest, 1000)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ" % (yoe + era * 400 + (month <= 2), month, day, s // 3600, s // 60 % 60, s % 60, ms)


# ---- definitions -----------------------------------------------------------------------------------------------------------------


class View:
    """What the ledger says up to head at time t. Times are milliseconds; events are those of Ledger."""

    def __init__(self, known, t):
        self.known, self.t, self.by_type = known, t, {}
        for e in known:
            if e["at"] <= t:
                self.by_type.setdefault(e["type"], []).append(e)
        self.latest, self.narrowed, self.ended, self.withdrawn = {}, {}, set(), set()
        for e in self.of("grant.given") + self.of("grant.renewed"):
            before = self.latest.get(e["grant"])
            if before is None or (e["at"], e["seq"]) > (before["at"], before["seq"]):
                self.latest[e["grant"]] = e
        for e in self.of("grant.narrowed"):
            self.narrowed.setdefault(e["grant"], []).append(e["scope"])
        self.withdrawn = {e["grant"] for e in self.of("grant.withdrawn")}
        self.ended = self.withdrawn | {e["grant"] for kind in ("grant.terminated", "grant.invalidated") for e in self.of(kind)}
        self.guarded = {e["grant"] for e in self.of("guardian.verified")}

    def of(self, kind):
        return self.by_type.get(kind, [])

    def last_of(self, kind, item):
        """The events of the latest effective_at: more than one at a tie, in the order of seq."""
        of_item = [e for e in self.of(kind) if e["item"] == item]
        latest = max((e["at"] for e in of_item), default=None)
        return [e for e in of_item if e["at"] == latest]

    def item(self, name):
        return next((e for e in self.of("item.ingested") if e["item"] == name), None)


def covers(subject, item):
    """Is it the item itself, its submission or its contributor?"""
    return any(name in subject and item.get(name) is not None and subject[name] == item[name] for name in ("item", "submission", "contributor"))


def matches_territory(row, c):
    return c in row or "WW" in row


def matches_language(tag, wanted):
    """RFC 4647, 3.3.2, extended filtering."""
    tag, wanted = tag.lower().split("-"), wanted.lower().split("-")
    if wanted[0] not in ("*", tag[0]):
        return False
    i, j = 1, 1
    while j < len(wanted):
        if wanted[j] == "*":
            j += 1
        elif i == len(tag):
            return False
        elif wanted[j] == tag[i]:
            i, j = i + 1, j + 1
        elif len(tag[i]) == 1:
            return False
        else:
            i += 1
    return True


def end_of(g, policy):
    if g.get("not_after") is not None:
        return from_text(g.get("not_after"))
    start = from_text(g.get("not_before")) if g.get("not_before") is not None else g["at"]
    end = start + policy["max_grant_days"] * DAY
    return end if end <= LAST_INSTANT else None


def is_ended(view, g, item):
    """WITHDRAWN: any end by event."""
    hits = [e for e in view.of("consent.withdrawn")
            if covers(e["subject"], item) or ("person" in e["subject"] and e["subject"]["person"] == g.get("person"))]
    if g["grant"] in view.ended or any(e["at"] >= from_text(g["captured_at"]) for e in hits):
        return True
    if not g["attested"]:
        return False
    of_kin = [k for k in view.latest.values() if k["layer"] == g["layer"] and k.get("person") == g.get("person") and covers(k["subject"], item)]
    return bool(hits) or any(k["grant"] in view.withdrawn for k in of_kin)


def failures(view, policy, g, item, c):
    scopes = [g["scope"]] + view.narrowed.get(g["grant"], [])
    given_scope = g["scope"]
    tag = LIKELY[c["language"]] if c.get("language") is not None else None
    cap = policy["attested_cap"]
    end = end_of(g, policy)
    fails = {
        "WITHDRAWN": is_ended(view, g, item),
        "NOT_YET": g.get("not_before") is not None and view.t < from_text(g.get("not_before")),
        "EXPIRED": end is not None and view.t >= end,
        "CHANNEL": any(c["channel"] not in s["channels"] for s in scopes if "channels" in s),
        "TERRITORY": any("territories" in s and not matches_territory(s["territories"], c["territory"]) or
                         matches_territory(s.get("exclude", []), c["territory"]) for s in scopes),
        "LANGUAGE": any(tag is None or not any(matches_language(tag, r) for r in s["languages"]) for s in scopes if "languages" in s),
        "PRODUCT": any(c.get("product") is None or c["product"] not in s["products"] for s in scopes if "products" in s),
        "CONTROLLER": any(c.get("controller") is None or c["controller"] not in s["controllers"] for s in scopes if "controllers" in s),
        "EDIT": any(not set(c.get("edits", [])) <= set(edits)
                    for edits in [given_scope.get("edits", ["crop", "colour", "excerpt"])] + [s["edits"] for s in scopes[1:] if "edits" in s]),
        "SUBLICENCE": c.get("sublicensee") is not None and
                      any(c["sublicensee"] not in some
                          for some in [given_scope.get("sublicense", [])] + [s["sublicense"] for s in scopes[1:] if "sublicense" in s]),
        "ATTESTED": g["attested"] and (c["channel"] not in cap.get("channels", []) or
                                       c.get("sublicensee") is not None and c["sublicensee"] not in cap.get("sublicense", [])),
    }
    return [code for code in FAILURES if fails[code]]


def layers_that_apply(policy, item, people, c):
    layers = [("licence", None)]
    if c["identity"] if c.get("identity") is not None else item["shows_identity"]:
        layers.append(("data", None))
    for person in sorted(people or {}, key=lambda p: p.encode("utf-8")):
        if any(c["channel"] in row["channels"] and matches_territory(row["territories"], c["territory"]) and people[person] in row["kinds"]
               for row in policy["likeness"]):
            layers.append(("likeness", person))
    return layers


def judge_layer(view, policy, item, c, layer, person):
    """(grants that satisfy the layer, codes if there are none)"""
    grants = [g for g in view.latest.values() if g["layer"] == layer and g.get("person") == person and covers(g["subject"], item)]
    if not grants:
        return [], ["NO_GRANT"]
    judged = [(g, failures(view, policy, g, item, c)) for g in grants]
    good = [g for g, codes in judged if not codes]
    if good:
        return good, []
    fewest = min(len(codes) for _, codes in judged)
    nearest = max((j for j in judged if len(j[1]) == fewest), key=lambda j: (j[0]["at"], j[0]["grant"].encode("utf-8")))
    return [], nearest[1]


def people_of(view, item):
    """person id → kind; None: undeclared."""
    declared = view.last_of("persons.declared", item["item"])
    if not declared:
        return None
    people = {}
    for event in declared:
        for p in event["persons"]:
            people[p["id"]] = min(p["kind"], people.get(p["id"], "self"), key=PERSON_KINDS.index)
    return people


def is_held(view, item, c):
    lifts = view.of("hold.lifted")
    return any(covers(e["target"], item)
               and (not e.get("channels") or c["channel"] in e["channels"])
               and (not e.get("territories") or matches_territory(e["territories"], c["territory"]))
               and not any(up["hold"] == e["hold"] and up["at"] > e["at"] for up in lifts) for e in view.of("hold.placed"))


def connection_of(view, item):
    said = [e["connection"] for e in view.last_of("disclosure.set", item["item"])]
    if not said or "unknown" in said:
        return "unknown"
    return next((s for s in reversed(said) if s != "none"), "none")


def judge(view, policy, c):
    """(reasons, duties) at one instant."""
    item = view.item(c["item"])
    if item is None:  # 1
        return ["UNKNOWN_ITEM"], []
    reasons, duties = [], []
    if any(e["type"] == "item.erased" and e["item"] == item["item"] or
           e["type"] == "subject.erased" and e["contributor"] == item.get("contributor") for e in view.known):  # 2
        reasons.append("ERASED")
    if is_held(view, item, c):  # 3
        reasons.append("HELD")
    verdicts = view.last_of("moderation.decided", item["item"])
    if not verdicts or any(e["verdict"] != "approved" or e["policy_version"] < policy["min_moderation_version"] for e in verdicts):  # 4
        reasons.append("NOT_APPROVED")
    people = people_of(view, item)
    if item["kind"] == "photo" and c["channel"] in policy["people_must_be_declared"] and \
            (people is None or "unknown" in people.values()):  # 5
        reasons.append("PEOPLE_UNKNOWN")
    satisfied = {}
    for layer, person in layers_that_apply(policy, item, people, c):  # 6
        satisfied[layer, person], codes = judge_layer(view, policy, item, c, layer, person)
        name = "LIKENESS(%s)" % person if layer == "likeness" else layer.upper()
        reasons += [name + ":" + code for code in codes]
    for person in (p for p, kind in (people or {}).items() if kind == "minor"):  # 7
        unguarded = ("likeness", person) in satisfied and \
            not any(g["grant"] in view.guarded for g in satisfied["likeness", person])
        if c["channel"] == "ad" and not policy["minors_in_ads"] or unguarded:
            reasons.append("MINOR")
    for row in policy["required"]:  # 8
        if c["channel"] in row["channels"] and matches_territory(row["territories"], c["territory"]) and row["kind"] == item["kind"] \
                and row["attribute"] not in item["attributes"]:
            reasons.append("MISSING(%s)" % row["attribute"])
    connection = connection_of(view, item)  # 9
    if connection == "unknown":
        reasons.append("MISSING(connection)")
    elif connection != "none":
        if c["channel"] in policy["can_disclose"]:
            duties.append("DISCLOSE(%s)" % connection)
        else:
            reasons.append("DISCLOSURE_IMPOSSIBLE")
    if item["provenance"] == "ai":  # 10
        if c["channel"] in policy["ai_ok"]:
            duties.append("KEEP_SOURCE_TYPE")
        else:
            reasons.append("AI")
    flags = {flag for e in view.last_of("flags.set", item["item"]) for flag in e["flags"]}
    for flag in sorted(flags, key=lambda f: f.encode("utf-8")):  # 11
        said = [row["verdict"] for row in policy["suitability"] if row["flag"] == flag and matches_territory(row["territories"], c["territory"])]
        if "deny" in said:
            reasons.append("MARKET(%s)" % flag)
        elif "warn" in said:
            duties.append("REVIEW(%s)" % flag)
    if reasons:  # 12
        return list(dict.fromkeys(reasons)), []
    credits = {g.get("credit", "optional") for grants in satisfied.values() for g in grants}
    if "forbidden" in credits:
        duties.append("NO_CREDIT")
    elif "required" in credits:
        duties.append("CREDIT")
    return [], sorted(set(duties), key=lambda d: d.encode("utf-8"))


class Ledger:
    """Events under one policy. Views are kept: many questions look from the same head at the same instants."""

    def __init__(self, events, policy):
        self.events = [{**e, "at": from_text(e["effective_at"])} for e in events]
        self.policy, self.heads, self.views = policy, {}, {}

    def prefix(self, head):
        """(events up to head, every instant at which an answer can change)"""
        head = min(len(self.events) if head is None else head, len(self.events))
        if head not in self.heads:
            known, instants = self.events[:head], set()
            for e in known:
                instants.add(e["at"])
                if e["type"] in ("grant.given", "grant.renewed"):
                    instants |= {end_of(e, self.policy)} | ({from_text(e.get("not_before"))} if e.get("not_before") is not None else set())
            self.heads[head] = (known, sorted(instants - {None}))
        return (head,) + self.heads[head]

    def view(self, head, known, t):
        if (head, t) not in self.views:
            self.views[head, t] = View(known, t)
        return self.views[head, t]

    def decide(self, c):
        head, known, instants = self.prefix(c.get("head"))
        t = from_text(c["at"])
        reasons, duties = judge(self.view(head, known, t), self.policy, c)
        until = None
        if not reasons:
            later = (i for i in instants if i > t)
            until = next((i for i in later if judge(self.view(head, known, i), self.policy, c) != ([], duties)), None)
            ttl = self.policy["max_ttl"].get(c["channel"])
            if ttl is not None and t + ttl * 1000 <= LAST_INSTANT:
                until = t + ttl * 1000 if until is None else min(until, t + ttl * 1000)
        return {"verdict": "deny" if reasons else "allow", "reasons": reasons, "duties": duties,
                "valid_until": None if until is None else to_text(until)}

    def answer(self, c):
        return json.dumps(self.decide(c), ensure_ascii=False, separators=(",", ":"))
