#!/usr/bin/python3
"""Does the running placet-serve do what schemas/http/openapi.yaml says, and refuse what it does not say? Each route, parameter, status
and header; every kind of bad input against every parameter; and what search engines ask of the JSON-LD."""
import base64
import fcntl
import gzip
import http.client
import json
import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.parse

import jsonschema
import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from serving import BIN, SAMPLE, TOP, Serve  # noqa: E402

KEY = "k3m8v2qa7t5xw9zdr4pn6chjyb"
PHOTO = f"/m/{KEY}/pdp-card.720.webp"
results = []
with open(os.path.join(TOP, "schemas/http/openapi.yaml"), encoding="utf-8") as text:
    api = yaml.safe_load(text)


def check(sentence, fault):
    results.append((sentence, fault))


def resolve(node):
    while "$ref" in node:
        target = api
        for part in node["$ref"][2:].split("/"):
            target = target[part]
        node = target
    return node


def parameters(operation, where):
    found = [resolve(p) for p in operation.get("parameters", [])]
    return {p["name"]: p for p in found if p["in"] == where}


def path_of(route, operation, query=()):
    path = re.sub(r"{(\w+)}", lambda m: urllib.parse.quote(parameters(operation, "path")[m.group(1)]["example"], safe=""), route)
    return path + ("?" + "&".join(query) if query else "")


def needed(operation):
    """The parameters without which there is no question, and the territory in which the example's photo may be shown."""
    pairs = []
    for name, p in parameters(operation, "query").items():
        if p.get("required"):
            pairs.append(f"{name}={urllib.parse.quote(p['example'])}")
        elif name == "territory":
            pairs.append("territory=DE")
    return pairs


def fits(operation, status, headers, body):
    """Faults of one answer against what is told of it."""
    told = operation["responses"].get(str(status))
    if told is None:
        return [f"{status} is not told"]
    told = resolve(told)
    faults = []
    for name, header in told.get("headers", {}).items():
        value, schema = headers.get(name.lower()), resolve(header).get("schema", {})
        if value is None:
            faults.append(f"{name} is missing")
        elif "pattern" in schema and not re.search(schema["pattern"], value):
            faults.append(f"{name}: {value}")
    kind = headers.get("content-type", "").split(";")[0]
    if body and kind not in told.get("content", {}):
        faults.append(f"type {kind} is not told")
    elif body and kind.endswith("json"):
        schema = {**told["content"][kind]["schema"], "components": api["components"]}
        found, example = json.loads(body), told["content"][kind].get("example")
        faults += [e.message[:200] for e in jsonschema.Draft202012Validator(schema).iter_errors(found)][:3]
        if kind == "application/problem+json" and example and example.get("parameter") == found.get("parameter") and found != example:
            faults.append(f"the example is another: {found}")
    return faults


# --- what was asked of it, and answered


def route_of(path):
    """(the route that is told, its parameters that the path gives), or None"""
    whole, _, query = path.partition("?")
    for route, methods in api["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", re.escape(route).replace(r"\{", "{").replace(r"\}", "}")), whole):
            return route, {pair.partition("=")[0] for pair in query.split("&") if pair}
    return None


class Counted(Serve):
    """Writes down which answers there were."""

    def __init__(self, conf):
        super().__init__(conf)
        self.statuses, self.taken = set(), set()

    def ask(self, path, method="GET", headers=None, body=None):
        answer = super().ask(path, method, headers, body)
        route = route_of(path)
        if route and method != "HEAD":
            self.statuses.add((route[0], method.lower(), str(answer[0])))
            if answer[0] in (200, 202):
                self.taken |= {(route[0], method.lower(), name) for name in route[1] | set(headers or {})}
        return answer


def asked_for_all(serve):
    told = {(route, method): operation for route, methods in api["paths"].items() for method, operation in methods.items()}
    check("every status that is told was answered once", sorted(
        {(*key, status) for key, operation in told.items() for status in operation["responses"]} - serve.statuses))
    check("no answer had a header twice", sorted(serve.twice))
    check("every parameter that is told was taken once", sorted(
        {(*key, name) for key, operation in told.items() for name in parameters(operation, "query")} - serve.taken))


# --- what is told


def answers(serve, route, operation):
    path = path_of(route, operation, needed(operation))
    status, headers, body = serve.ask(path)
    check(f"{route} answers its own examples", fits(operation, status, headers, body) if status == 200 else [status, body[:200]])
    check(f"{route} has what every answer has", [h for h in ("x-content-type-options", "content-security-policy", "access-control-allow-origin",
                                                             "cache-control", "content-length") if h not in headers])
    head = serve.ask(path, "HEAD")
    check(f"HEAD of {route} is the same without a body", [] if head[0] == 200 and head[2] == b"" and
          set(head[1]) == set(headers) else [head[0], sorted(set(head[1]) ^ set(headers))])
    options = serve.ask(path, "OPTIONS")
    check(f"a page of another site may ask {route}", [] if options[0] == 204 and "GET" in options[1].get("access-control-allow-methods", "")
          else [options[0], options[1]])
    post = serve.ask(path, "DELETE")
    check(f"DELETE of {route} is told what there is", [] if post[0] == 405 and "GET, HEAD" in post[1].get("allow", "") else [post[0]])
    for name, p in parameters(operation, "query").items():
        values = [p["example"]] if "example" in p else []
        schema = p["schema"]
        values += schema.get("enum", []) + [schema[k] for k in ("minimum", "maximum", "default") if k in schema]
        for value in values:
            pairs = [pair for pair in needed(operation) if not pair.startswith(name + "=")]
            status, headers, body = serve.ask(path_of(route, operation, pairs + [f"{name}={urllib.parse.quote(str(value))}"]))
            check(f"{route} takes {name}={value}", fits(operation, status, headers, body) if status in (200, 404) else [status, body[:200]])
    if "304" in operation["responses"]:
        etag = serve.ask(path)[1].get("etag", "")
        status, headers, body = serve.ask(path, headers={"If-None-Match": etag})
        check(f"{route} is not sent again to who has it", [] if status == 304 and not body and headers.get("etag") == etag and
              "cache-control" in headers else [status, headers])
    if "404" in operation["responses"] and "{" in route:
        unknown = re.sub(r"{\w+}", "nothing", route)
        status, headers, body = serve.ask(unknown)
        check(f"{route} of nothing is not there", fits(operation, status, headers, body) if status == 404 else [status])


def forms(serve):
    path = "/v1/products/TENT-2P-OLIVE/reviews?territory=DE&lang=de"
    _, plain_headers, plain = serve.ask(path)
    for round_ in ("made now", "kept"):
        _, headers, body = serve.ask(path, headers={"Accept-Encoding": "gzip"})
        check(f"gzip is the same, smaller ({round_})", [] if headers.get("content-encoding") == "gzip" and len(body) < len(plain) / 3 and
              json.loads(gzip.decompress(body))["items"] == json.loads(plain)["items"] and "Accept-Encoding" in plain_headers["vary"]
              else [headers, len(body), len(plain)])
    for header, status, length in (("bytes=0-9", 206, 10), ("bytes=-5", 206, 5), ("bytes=61439-", 206, 1), ("bytes=61440-", 416, 0),
                                   ("bytes=5-1", 200, 61440), ("bytes=0-1,4-5", 200, 61440), ("pages=1", 200, 61440), ("bytes=a", 200, 61440),
                                   ("bytes=0-99999999999999999999999", 206, 61440), ("bytes=-0", 416, 0)):
        for round_ in ("cold", "hot"):
            got = serve.ask(PHOTO, headers={"Range": header})
            check(f"Range: {header} of a file ({round_})", [] if (got[0], len(got[2])) == (status, length) else [got[0], len(got[2])])
            serve.ask(PHOTO)
    found = json.loads(serve.ask(path + "&limit=51")[2])
    example = api["components"]["responses"]["BadParameter"]["content"]["application/problem+json"]["example"]
    check("a parameter out of range is told as in the example", [] if found == example else [found])
    items = json.loads(plain)["items"]
    photo = next(p for i in items for p in i["photos"])
    check("a photo has its sets of files, size, placeholder and words", [] if photo["sources"][0]["srcset"][0][1] > 0 and photo["width"] and
          photo["height"] and photo["placeholder"].startswith("thumbhash:") and photo["alt"] and photo["credit"] else [photo])
    check("labels are in the reader's language", [] if items[0]["verification"]["label"] == "Geprüfter Kauf" else [items[0]["verification"]])


LISTS = "/v1/products/TENT-2P-OLIVE/"
# What is asked first is sent from what was compressed when it was published; all is the same for whoever takes it compressed.
COMPRESSED = {LISTS + "reviews": True, LISTS + "reviews?lang=de": True, LISTS + "reviews?territory=DE&lang=de-DE": True,
              LISTS + "reviews?territory=AT&lang=ja": True, LISTS + "reviews?territory=FR&channel=pdp": True,
              LISTS + "reviews?territory=DE&lang=ko": False, LISTS + "reviews?limit=5": False, LISTS + "media?territory=DE": False,
              LISTS + "reviews.html?lang=pl": False, "/v1/bundles/spring?territory=DE": False}


def compressed(serve, when):
    with sqlite3.connect(f"file:{serve.public}/index.db?mode=ro", uri=True) as db:
        pieces = [row[0] for row in db.execute("SELECT deflated FROM packed WHERE product = 'TENT-2P-OLIVE'")]
    for path, published in COMPRESSED.items():
        _, headers, body = serve.ask(path, headers={"Accept-Encoding": "gzip, br"})
        plain = serve.ask(path)[2]  # of the same moment: the first was kept
        zipped = headers.get("content-encoding") == "gzip"
        check(f"{path} {when} is the same compressed", [] if (gzip.decompress(body) if zipped else body) == plain else [len(body), len(plain)])
        check(f"{path} {when} {'was' if published else 'was not'} compressed when it was published",
              [] if any(piece in body for piece in pieces) == published else [headers, len(pieces)])
        check(f"{path} {when} tells that it varies", [] if "Accept-Encoding" in headers.get("vary", "") or len(plain) < 1024 else [headers])
        if shutil.which("curl"):
            curl = subprocess.run(["curl", "-s", "--compressed", f"http://127.0.0.1:{serve.port}{path}"], capture_output=True, check=True).stdout
            check(f"{path} {when} is the same for curl", [] if curl == plain else [len(curl), len(plain)])
        else:
            check(f"{path} {when} is the same for curl # SKIP curl is not installed", [])
        status, unchanged, nothing = serve.ask(path, headers={"Accept-Encoding": "gzip", "If-None-Match": headers["etag"]})
        check(f"{path} {when} has not changed", [] if (status, nothing) == (304, b"") and unchanged["etag"] == headers["etag"] and
              unchanged.get("vary") == headers.get("vary") else [status, unchanged])
        head = serve.ask(path, "HEAD", headers={"Accept-Encoding": "gzip"})
        check(f"HEAD of {path} {when} tells of the same", [] if head[2] == b"" and head[1]["content-length"] == str(len(body)) and
              head[1].get("content-encoding") == headers.get("content-encoding") else [head[1]])
        check(f"the photo of {path} {when} is in none", [] if "withdraw" not in when or KEY not in plain.decode() else ["it is there"])


def pages(serve):
    """Each list goes on where its `next` leads; a bundle's, only while it is the same version."""
    lists = {"/v1/products/{id}/reviews": "/v1/products/TENT-2P-OLIVE/reviews?territory=DE&limit=1", "/v1/search": "/v1/search?q=Zelt&territory=DE&limit=1",
             "/v1/bundles/{name}": "/v1/bundles/spring?territory=DE&limit=1"}
    nexts = {}
    for route, path in lists.items():
        first = json.loads(serve.ask(path)[2])
        nexts[route] = first["next"] or ""
        answer = serve.ask(first["next"])
        check(f"{route} goes on behind its first page", fits(api["paths"][route]["get"], *answer) if answer[0] == 200 and
              json.loads(answer[2])["items"] not in ([], first["items"]) else [answer[0], answer[2][:200]])
    cursor = nexts["/v1/products/{id}/reviews"].partition("cursor=")[2]
    for part in ("media", "reviews.html", "reviews.jsonld"):
        answer = serve.ask(f"/v1/products/TENT-2P-OLIVE/{part}?territory=DE&cursor={cursor}")
        check(f"{part} goes on from the same place", fits(api["paths"]["/v1/products/{id}/" + part]["get"], *answer) if answer[0] == 200 else [answer[0]])
    base, _, cursor = nexts["/v1/bundles/{name}"].partition("cursor=")
    plain = base64.urlsafe_b64decode(cursor + "==")
    older = base64.urlsafe_b64encode(plain.replace(b".3.", b".2.")).rstrip(b"=").decode()
    answer = serve.ask(base + "cursor=" + older)
    check("a bundle's page of an older version is told to begin again", fits(api["paths"]["/v1/bundles/{name}"]["get"], *answer) if answer[0] == 409 else
          [answer[0], plain])


def own(serve):
    """The page of somebody of whom nothing is shown; whose something is has plays of its own."""
    told, form = api["paths"]["/c/{token}"]["post"], "application/x-www-form-urlencoded"
    path = path_of("/c/{token}", told)
    content = told["requestBody"]["content"]
    for sentence, where, body, status in (("the form of the example", path, urllib.parse.urlencode(content[form]["example"]), 200),
                                          ("one item", path, "item=01JC8Q2V8B0000000000000000", 200), ("a wish in another language", path + "?lang=ar", "all=1", 200),
                                          ("nothing", path, "", 400), ("another value", path, "all=2", 400), ("two wishes", path, "all=1&all=1", 400),
                                          ("an item of no form", path, "item=../x", 400), ("more than a form has", path, "all=1" + "0" * 20000, 413),
                                          ("a token of no form", "/c/nobody", "all=1", 404), ("a parameter that it does not know", path + "?evil=1", "all=1", 400)):
        answer = serve.ask(where, "POST", {"Content-Type": form}, body.encode())
        check(f"a contributor's page takes, or refuses, {sentence}", fits(told, *answer) if answer[0] == status else [answer[0], answer[2][:200]])
    check("nothing of that was kept", [name for name in os.listdir(os.path.join(serve.site, "spool")) if name.startswith("w-")])


# --- what search engines ask (developers.google.com/search/docs/appearance/structured-data/review-snippet and product-snippet)


def json_ld(serve):
    status, headers, body = serve.ask("/v1/products/TENT-2P-OLIVE/reviews.jsonld?territory=DE&name=%3C/script%3E")
    data, faults = json.loads(body), []
    if b"<" in body:
        faults.append("it would end the script element")
    if data["@type"] != "Product" or not data["name"]:
        faults.append("a product has a name")
    if "aggregateRating" not in data and "review" not in data:
        faults.append("one of review, aggregateRating, offers")
    rating = data.get("aggregateRating", {})
    if not (rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"] and rating["reviewCount"] > 0):
        faults.append("a rating lies within its scale, and somebody rated")
    for review in data.get("review", []):
        score = review["reviewRating"]
        if not score["worstRating"] <= score["ratingValue"] <= score["bestRating"]:
            faults.append("a rating lies within its scale")
        if review["author"]["@type"] not in ("Person", "Organization") or not 0 < len(review["author"]["name"]) < 100:
            faults.append("an author is a person with a name of less than 100 characters")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", review.get("datePublished", "2000-01-01")):
            faults.append("dates are ISO 8601")
    check("the JSON-LD is what search engines ask for", faults)
    check("a product without reviews has none", [] if serve.ask("/v1/products/NONE/reviews.jsonld")[0] == 404 else ["not 404"])


# --- what is not told

TRICKS = ["/..", "/../../etc/passwd", "/m/../index.db", "/m/..%2f..%2findex.db/x", "/m/%2e%2e/index.db", "/m/k/%00", "/m/k/a%0d%0aSet-Cookie:x",
          "//v1/search", "/v1//products/T/reviews", "/v1/products/T/reviews/", "/V1/products/T/reviews", "/v1/products//reviews",
          "/m/" + "k" * 5000 + "/f", "/v1/products/%ff/reviews", "/v1/products/%c0%af/reviews", "/v1/products/%zz/reviews", "/v1/products/%/reviews",
          "/" + "a/" * 40, "/v1/products/a%00b/reviews", "/v1/bundles/..", "/index.db", "/assets/", "/v1/items/" + "%F0%9F%98%80" * 200,
          "/v1/search?", "/v1/search?q", "/v1/search?=x", "/v1/search?q=a&&kind=review", "/v1/search?q=%", "/v1/search?q=%ff", "/v1/search?q=a%00",
          "/m/k3m8v2qa7t5xw9zdr4pn6chjyb/pdp-card.720.webp/", "/m/k3m8v2qa7t5xw9zdr4pn6chjyb/PDP-card.720.webp", "*", "http://x", "x"]


MAILED = "/e/{slot}"  # which programs for mails put parameters of their own behind
# What no parameter is, as it goes out.
NEVER = (("badly encoded", "%zz"), ("cut short", "%4"), ("not UTF-8", "%ff%fe"), ("UTF-8 of a dot made long", "%c0%ae"), ("half a character", "%ed%a0%80"),
         ("a zero byte", "a%00b"), ("a control", "a%0ab"), ("a deletion", "a%7fb"), ("over-long", "a" * 1025), ("over-long when decoded", "%41" * 1025))
# What a parameter may be or not be, as it is decoded: its schema says.
ODD = ("", " ", "!!", "nonsense", "de", "DE", "DEU", "D\u00c9", "-1", "0", "1", "1.5", "0x1", "1e1", "+1", " 1", "1 ", "\u0661", "9" * 18, "9" * 30, "-" + "9" * 30, "ten", "TRUE", "null",
       "..", "../..", "/", "%2e", "*", "'", "' OR 1=1 --", '"', "a OR b", "NEAR(a b)", "title:a", "a*", "(" * 200, "\\", "$1", "{}", "[]", "<script>", "\u202e", "\ufeff", "\ufffe",
       "\U0001f4f7" * 60, "e\u0301" * 100, "x" * 36, "x" * 65, "x" * 129, "x" * 201, "de-" + "x-" * 20, "i-klingon", "zz-ZZ-zzzz-zz", "x-private")


def odd_values(p):
    """(the value as it is decoded, whether its schema takes it): ODD, and what lies beside what is told of this one."""
    schema = p["schema"]
    values = list(ODD) + [schema[k] + by for k, by in (("minimum", -1), ("maximum", 1)) if k in schema] + ["a" * (schema[k] + 1) for k in ("maxLength",) if k in schema]
    for good in [*schema.get("enum", []), *([p["example"]] if "example" in p else [])]:
        values += [str(good).upper(), str(good).lower(), str(good) + " ", " " + str(good), str(good) + "," + str(good), str(good) + "\u200b"]
    for value in map(str, values):
        told = int(value) if schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]+", value) else value
        yield value, jsonschema.Draft202012Validator(schema).is_valid(told)


def refused(answer, name):
    status, headers, body = answer
    if status != 400 or headers.get("content-type") != "application/problem+json":
        return [status, body[:120]]
    problem = json.loads(body)
    faults = [e.message for e in jsonschema.Draft202012Validator({**api["components"]["schemas"]["Problem"], "components": api["components"]}).iter_errors(problem)]
    if name is not None and problem.get("parameter") != name:
        faults.append(f"names {problem.get('parameter')}")
    return faults


def bad_input(serve, route, method, operation):
    """Each parameter of each route, by what is told of it: one that is new is tried without anything being written here."""
    n, base, started = 0, needed(operation), serve.cpu()

    def ask(query, path=None):
        nonlocal n
        n += 1
        where = (path or path_of(route, operation)) + ("?" + "&".join(query) if query else "")
        return serve.ask(where, method.upper()) if method == "get" else post(serve, "application/x-www-form-urlencoded", "", where)

    for name, p in parameters(operation, "query").items():
        others = [pair for pair in base if not pair.startswith(name + "=")]
        for what, value in NEVER:
            check(f"{method} {route} with {name} {what}", refused(ask(others + [f"{name}={value}"]), name))
        for value, fit in odd_values(p):
            answer = ask(others + [f"{name}={urllib.parse.quote(value, safe='')}"])
            check(f"{method} {route} with {name} {value[:40]!r}", fits(operation, *answer) if fit else refused(answer, name))
        good = urllib.parse.quote(str(p.get("example", p["schema"].get("default", p["schema"].get("enum", ["a"])[0]))))
        check(f"{method} {route} with {name} twice", refused(ask(others + [f"{name}={good}", f"{name}={good}"]), name))
        if p.get("required"):
            check(f"{method} {route} without {name}", refused(ask(others), name))
    for query, name in ((["evil=1"], "evil"), (["utm_source=%zz", "utm_source=1"], "utm_source"), (["EVIL"], "EVIL"), ([f"x{i}=1" for i in range(40)], None), (["=1"], None), ([""], None), (["%66oo=1"], "foo"), (["a%00=1"], None)):
        answer = ask(base + query)
        if route == MAILED:
            check(f"{route} does not look at {'&'.join(query)[:20]!r}", fits(operation, *answer) if answer[0] == 200 and answer[2] == b"email" else [answer[0]])
            continue
        check(f"{method} {route} with {'&'.join(query)[:20]!r} beside", fits(operation, *answer) if query == [""] and answer[0] != 400 else refused(answer, name))
    for part, p in parameters(operation, "path").items():
        whole, example = path_of(route, operation), urllib.parse.quote(p["example"], safe="")
        for what, value in NEVER:
            check(f"{method} {route} with {part} {what}", refused(ask(base, whole.replace(example, value, 1)), part))
        for value, _ in odd_values(p):
            answer = ask(base, whole.replace(example, urllib.parse.quote(value, safe=""), 1))
            # Nothing between two slashes is the address of something else, or of nothing.
            check(f"{method} {route} with {part} {value[:40]!r}", [answer[0], answer[2][:80]] if value == "" and answer[0] != 404 else value and fits(operation, *answer))
    used = (serve.cpu() - started) * 1000 / n
    check(f"no bad question of {method} {route} costs more than 2 ms of processor time ({used:.1f})", [] if used <= 2 else [used])


def bad_bodies(serve, route, operation):
    """Each member of each body, likewise."""
    for kind, content in operation["requestBody"]["content"].items():
        schema, good, form = resolve(content["schema"]), content["example"], kind.endswith("urlencoded")
        for name, member in schema["properties"].items():
            for value, fit in odd_values({"schema": member, **({"example": good[name]} if name in good else {})}):
                told = {name: value} if schema.get("maxProperties") == 1 else {**good, name: value}
                if jsonschema.Draft202012Validator(schema).is_valid(told):
                    continue  # would be taken: what is taken is looked at elsewhere
                answer = post(serve, kind, urllib.parse.urlencode(told) if form else json.dumps(told), path_of(route, operation))
                check(f"{route} with a {kind} of {name} {value[:40]!r}", [] if not refused(answer, name) else refused(answer, "body"))
            for value in () if form else (None, True, 1, 1.5, -0.0, [], {}, ["a"], {"a": "b"}, 10 ** 30):
                if jsonschema.Draft202012Validator(schema).is_valid({**good, name: value}):
                    continue
                answer = post(serve, kind, json.dumps({**good, name: value}), path_of(route, operation))
                check(f"{route} with {name} {value!r} in JSON", [] if not refused(answer, name) else refused(answer, "body"))
        answer = serve.ask(path_of(route, operation), "POST", {"Content-Type": kind, "Transfer-Encoding": "chunked"})
        check(f"{route} with a {kind} in chunks is told to tell its length", fits(operation, *answer) if answer[0] == 411 else [answer[0]])


def post(serve, kind, body, path="/v1/report?lang=pl"):
    return serve.ask(path, "POST", {"Content-Type": kind}, body.encode("utf-8", "surrogateescape"))


def report(serve):
    route, form, told = "/v1/report", "application/x-www-form-urlencoded", api["paths"]["/v1/report"]["post"]
    content = told["requestBody"]["content"]
    good = content["application/json"]["example"]
    wrong = [("application/json", json.dumps({**good, **change}), name) for name, change in (
        ("item", {"item": "../../etc/passwd"}), ("item", {"item": None}), ("reason", {"reason": "because"}), ("text", {"text": "x" * 1001}),
        ("text", {"text": "bell \a"}), ("text", {"text": "\U0001F4F7" * 1000}), ("contact", {"contact": "x" * 201}), ("body", {"evil": "1"}),
        ("body", {"text": ["a"]}))]
    wrong += [("application/json", body, "body") for body in ("", "[]", "{", '{"text":"\udcff"}', '{"item":"a","item":"b"}', "[" * 5000)]
    wrong += [(form, body, name) for body, name in (("", "body"), ("item=%zz", "body"), ("item=%ff", "body"), ("item", "body"), ("item=a&item=b", "item"),
                                                    ("evil=1", "body"), ("=1", "body"))]
    for kind, body, name in wrong:
        answer = post(serve, kind, body)
        check(f"a report of {body[:40]!r} is refused for its {name}", refused(answer, name) or fits(told, *answer))
    for kind, body, status in (("text/plain", json.dumps(good), 415), ("multipart/form-data", "x", 415), ("application/json", "x" * 20000, 413)):
        answer = post(serve, kind, body)
        check(f"a report as {kind} of {len(body)} bytes is a {status}", [answer[0]] if answer[0] != status else fits(told, *answer))
    answer = serve.ask(route + "?evil=1", "POST", {"Content-Type": "application/json"}, json.dumps(good).encode())
    check("a report takes no parameters", refused(answer, "evil"))
    answer = serve.ask(route + "?item=" + good["item"] + "&lang=ar")
    check("its form is in the language asked for, and sends what is taken here", [w for w in ('dir="rtl"', 'method="post"', good["item"], 'value="my_child"',
                                                                                             'name="text"', 'name="contact"') if w.encode() not in answer[2]])
    answer = serve.ask(route, "POST", {"Content-Type": form, "Accept": "text/html"}, b"reason=me")
    check("a form without an item is refused like any", refused(answer, "item"))
    options = serve.ask(route, "OPTIONS")
    check("a page of another site may report", [] if "POST" in options[1].get("access-control-allow-methods", "") else [options[1]])
    check("nothing of all that was kept", [name for name in os.listdir(os.path.join(serve.site, "spool")) if name.startswith("r-")])
    answers_ = [post(serve, kind, json.dumps(c["example"]) if kind.endswith("json") else urllib.parse.urlencode(c["example"])) for kind, c in content.items()]
    for answer in answers_:
        check("a report is answered as told", fits(told, *answer) if answer[0] == 202 else [answer[0], answer[2][:200]])
    kept = {f"r-{json.loads(answer[2])['reference']}.json" for answer in answers_ if answer[0] == 202}
    check("what was answered lies in the spool", sorted(kept ^ {name for name in os.listdir(os.path.join(serve.site, "spool")) if name.startswith("r-")}))
    last = [post(serve, "application/json", json.dumps(good)) for _ in range(4)][-1]
    check("the sixth of one network is too often", fits(told, *last) if last[0] == 429 else [last[0]])
    status, headers, body = serve.ask(route + "?lang=fr", "POST", {"Content-Type": form, "Accept": "text/html,*/*;q=0.8"},
                                      urllib.parse.urlencode(good).encode())
    check("whose form was not taken reads so", [] if status == 429 and headers["content-type"].startswith("text/html") and "réessayer".encode() in body
          and "retry-after" in headers else [status, headers, body[:200]])


def no_spool(serve):
    """On a server of its own: a report that cannot be kept is not answered as if it were."""
    told = api["paths"]["/v1/report"]["post"]
    with Counted("") as full:
        shutil.rmtree(os.path.join(full.site, "spool"))
        answer = post(full, "application/json", json.dumps(told["requestBody"]["content"]["application/json"]["example"]))
        check("a report that cannot be kept is not taken", fits(told, *answer) if answer[0] == 503 else [answer[0], answer[2][:200]])
        serve.statuses |= full.statuses


def kept(serve):
    return int(re.search(r"placet_answers_kept_total (\d+)", serve.ask("/metrics")[2].decode()).group(1))


def mails(serve):
    """Last of all: the photo goes, then the index."""
    slot = "/e/k3m8v2qa7t5xw9zdr4pn6chjyb-1200x900.jpg"

    def answer(sentence, body, path=slot):
        status, headers, found = serve.ask(path)
        check(sentence, [] if (status, headers.get("content-type"), headers.get("cache-control")) == (200, "image/jpeg", "no-cache, max-age=0") and
              (found == body if body else found[:2] == b"\xff\xd8") else [status, headers, found[:60]])
        return found

    answer("a photo in a mail is the photo", b"email")
    given = kept(serve)
    for query in ("?utm_source=a", "?utm_source=b&utm_source=%e4", "?", ""):
        answer(f"a photo in a mail is the photo whatever {query!r} stands behind it", b"email", slot + query)
    check("which is kept once for all of them", [] if kept(serve) == given + 4 else [given, kept(serve)])
    feed = json.loads(serve.ask("/v1/bundles/mail/email.json")[2])
    check("addresses in a feed are whole, and tell where it listens", [] if feed["items"][0]["image_url"] == f"http://127.0.0.1:{serve.port}{slot}" else [feed])
    part = serve.ask(slot, headers={"Range": "bytes=1-2"})
    check("a part of a photo in a mail is that part", fits(api["paths"]["/e/{slot}"]["get"], *part) if (part[0], part[2]) == (206, b"ma") else [part])
    serve.withdraw()
    compressed(serve, "after a photo was withdrawn")
    tile = answer("a photo in a mail that may not be shown any more is a tile", None)
    answer("a slot that there never was is the same tile", tile, slot.replace("k3m8", "0000"))
    check("feed and snippet of the mail lack it at once", [path for path in ("email.json", "email.html") if b"/e/" in serve.ask("/v1/bundles/mail/" + path)[2]])
    check("who has the tile is not sent it again", [] if serve.ask(slot, headers={"If-None-Match": serve.ask(slot)[1]["etag"]})[0] == 304 else ["sent"])
    for name in os.listdir(serve.public):
        if name.startswith("index.db"):
            os.unlink(os.path.join(serve.public, name))
    until = time.monotonic() + 20  # within a second or so it is noticed that the file is another one
    while serve.ask("/v1/words")[0] != 503 and time.monotonic() < until:
        time.sleep(0.02)
    for route, methods in api["paths"].items():
        if "503" in methods.get("get", {}).get("responses", {}):
            found = serve.ask(path_of(route, methods["get"], needed(methods["get"])))
            check(f"without an index {route} says so", fits(methods["get"], *found) if found[0] == 503 else [found[0]])
    wish = api["paths"]["/c/{token}"]["post"]
    found = serve.ask(path_of("/c/{token}", wish), "POST", {"Content-Type": "application/x-www-form-urlencoded"}, b"all=1")
    check("without an index nobody's wish is taken", fits(wish, *found) if found[0] == 503 else [found[0]])
    answer("without an index there is the tile", tile)
    small = answer("a tile of an odd size", None, "/e/00000000000000000000000000-33x7.jpg")
    placet = os.path.join(BIN, "placet")
    if not os.access(placet, os.X_OK):
        check("a tile is a photo to others # SKIP placet is not built", [])
        return
    for name, data in (("tile.jpg", tile), ("small.jpg", small)):
        with open(os.path.join(serve.folder, name), "wb") as file:
            file.write(data)
        said = subprocess.run([placet, "render", name, "--out", "looks", "--preset", "email-full", "--json"], cwd=serve.folder, capture_output=True, text=True, check=False)
        told = json.loads(said.stdout or "{}")
        check(f"a tile is a photo to others ({name})", [] if "error" not in told and '"error"' not in said.stdout and told else [said.stdout[:400], said.stderr[:200]])


def widget(serve):
    status, headers, body = serve.ask("/widget.js", headers={"Accept-Encoding": "gzip"})
    check(f"the widget has at most 8 KB when compressed ({len(body)} bytes)", [] if headers.get("content-encoding") == "gzip" and len(body) <= 8192 else [headers])
    text = gzip.decompress(body).decode()
    check("it is sent without its comments, and with a sentence in each of the site's languages", [w for w in ("/*", "PLACET_FAILED") if w in text] +
          [w for w in ('"en":"',) if w not in text])


def tricks(serve):
    for path in TRICKS:
        try:
            status, headers, body = serve.ask(path)
        except http.client.HTTPException:
            status, headers, body = 400, {}, b""
        check(f"{path[:60]} leads nowhere", [] if status in (400, 404, 414) and b"SQLite" not in body and "set-cookie" not in headers else [status, body[:80]])


def local(serve):
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        check(f"metrics are not told through a proxy that sends {header}", [] if serve.ask("/metrics", headers={header: "10.0.0.1"})[0] == 404 else ["told"])
    text = serve.ask("/metrics")[2].decode()
    check("metrics are in Prometheus' form", [line for line in text.splitlines() if not re.fullmatch(
        r'# (HELP|TYPE) placet_\w+ .+|placet_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.e+]+', line)])
    check("metrics count", [] if re.search(r'placet_answers_total\{route="/v1/search",status="4xx"\} [1-9]', text) else [text[:300]])
    check("5xx were not answered once", re.findall(r'.*5xx.*', text))
    check("no log line tells an address or a path", [line for line in serve.logged().splitlines() if "127.0.0.1" in line or "TENT" in line])
    lines = [json.loads(line) for line in serve.logged().splitlines()]
    check("every log line is JSON", [] if lines and all({"time", "level", "message"} <= set(line) for line in lines) else ["no line"])


DMS = 128  # SQLite's "dead man switch" in a -shm file: whoever has it locked is connected


def half_opened():
    """An office that opened the index, and was killed before it read from it: index.db-shm has no head, and nobody writes one."""
    with Serve() as serve:
        serve.stop()
        with open(os.path.join(serve.public, "index.db-shm"), "r+b") as shared:
            # Who may write the file, as an ordinary user's server may, writes the head; root's runs as nobody.
            writes = os.geteuid() != 0 or os.fstat(shared.fileno()).st_uid == pwd.getpwnam("nobody").pw_uid
            shared.write(bytes(136))
            shared.flush()
            fcntl.lockf(shared, fcntl.LOCK_SH, 1, DMS)
            serve.start()
            held = serve.ask("/v1/products/TENT-2P-OLIVE/summary")[0]
        after = serve.ask("/v1/products/TENT-2P-OLIVE/summary")[0]
        check("an index that an office left half opened is answered from as soon as that is gone",
              [] if (held, after) == (200 if writes else 503, 200) else [held, after])


def main():
    if not os.access(SAMPLE, os.X_OK):
        print("1..1\nok 1 the running server # SKIP " + SAMPLE + " is not built")
        return 0
    try:
        import openapi_spec_validator
        openapi_spec_validator.validate(api)
        check("openapi.yaml is OpenAPI 3.1", [])
    except ImportError:
        check("openapi.yaml is OpenAPI 3.1 # SKIP openapi-spec-validator is not installed", [])
    with Counted("[serve]\nlog_requests = on\n") as serve:
        asked = {route: methods["get"] for route, methods in api["paths"].items() if "get" in methods}
        for route, operation in asked.items():
            answers(serve, route, operation)
        forms(serve)
        compressed(serve, "as published")
        pages(serve)
        own(serve)
        json_ld(serve)
        for route, methods in api["paths"].items():
            for method, operation in methods.items():
                bad_input(serve, route, method, operation)
                if "requestBody" in operation:
                    bad_bodies(serve, route, operation)
        report(serve)
        no_spool(serve)
        widget(serve)
        tricks(serve)
        local(serve)
        mails(serve)
        asked_for_all(serve)
        check("it stops when told, with status 0", [] if serve.stop() == 0 else [serve.process.returncode])
    half_opened()
    print(f"1..{len(results)}")
    for number, (sentence, fault) in enumerate(results, 1):
        print(f"{'not ok' if fault else 'ok'} {number} {sentence}" + (f" # {fault}" if fault else ""))
    return any(fault for _, fault in results)


sys.exit(main())
