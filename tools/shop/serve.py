#!/usr/bin/env python3
"""What does the widget look like on a shop's own pages? A made-up shop in four languages, on a port of its own as a shop's server would be.

  serve.py --placet http://127.0.0.1:8080 [--port 8081]    prints its address; another free port if that one is taken

Its policy (CSP) lets in nothing but itself and Placet, so the pages show what README asks of a shop's pages.
"""
import argparse
import html
import http.server
import json
import os
import string
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
IDS = {"tent": "TENT-2P-OLIVE", "lamp": "LAMP-NIGHT-02", "mug": "MUG-ENAMEL"}
TYPES = {"svg": "image/svg+xml", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def links(of, current):
    """[(address, words, lang)] as links, the current one told."""
    return " ".join('<a href="%s"%s%s>%s</a>' % (address, ' lang="%s" hreflang="%s"' % (lang, lang) if lang else "",
                                                 ' aria-current="page"' if address == current else "", html.escape(words)) for address, words, lang in of)


def page(placet, words, lang, product):
    told, address = words[lang], "/%s/%s" % (lang, product)
    text = {key: html.escape(value) for key, value in {**told, **told[product]}.items() if isinstance(value, str)}
    text.update(lang=lang, product=product, id=IDS[product], placet=html.escape(placet),
                links=links([("/%s/%s" % (lang, other), told[other]["short"], None) for other in IDS], address),
                tongues=links([("/%s/%s" % (other, product), words[other]["own"], other) for other in words], address),
                points="".join("<li>%s</li>" % html.escape(point) for point in told[product]["points"]))
    return string.Template(read("page.html")).substitute(text)


def wanted_language(header, words):
    """The first of Accept-Language that there are pages in."""
    for part in (header or "").split(","):
        lang = part.split(";")[0].strip().split("-")[0].lower()
        if lang in words:
            return lang
    return "de"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    placet, words = "", {}

    def do_GET(self):
        path = self.path.split("?")[0]
        parts = path.strip("/").split("/")
        if path == "/":
            self.answer(302, "text/plain", b"", ("Location", "/%s/tent" % wanted_language(self.headers.get("Accept-Language"), self.words)), ("Vary", "Accept-Language"))
        elif len(parts) == 2 and parts[0] in self.words and parts[1] in IDS:
            self.answer(200, "text/html; charset=utf-8", page(self.placet, self.words, *parts).encode())
        elif len(parts) == 1 and parts[0] in FILES:
            self.answer(200, TYPES[parts[0].rsplit(".", 1)[1]], read(parts[0]).encode())
        else:
            self.answer(404, "text/plain", b"not found\n")

    do_HEAD = do_GET

    def answer(self, status, kind, body, *headers):
        self.send_response(status)
        policy = ("default-src 'none'; style-src 'self'; script-src 'self' {0}; img-src 'self' {0}; connect-src {0}; base-uri 'none'; form-action 'none'; "
                  "require-trusted-types-for 'script'; trusted-types 'none'")
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Content-Security-Policy", policy.format(self.placet)),
                            ("X-Content-Type-Options", "nosniff"), *headers):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


FILES = [name for name in os.listdir(HERE) if name.rsplit(".", 1)[-1] in TYPES]


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--placet", required=True, help="where placet-serve answers")
    options.add_argument("--port", type=int, default=0, help="port of the shop; another if it is taken")
    told = options.parse_args()
    Handler.placet, Handler.words = told.placet.rstrip("/"), json.loads(read("words.json"))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", told.port), Handler)
    except OSError:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print("shop: listening on http://127.0.0.1:%d" % server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
