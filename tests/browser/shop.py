"""What do the browser's tests look at? A site of the real programs with reviews of all sorts, and a shop's own pages on another port."""
import glob
import http.server
import json
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "scenario"))
from world import BIN, World, Wrong, until  # noqa: E402, F401

EVIL = ['<img src=x onerror="seen.hit++">', '"><script>seen.hit++</script>', "' onmouseover='seen.hit++' x='", "</blockquote></ol><h1>hit</h1>",
        "javascript:seen.hit++", "${seen.hit++}", "&lt;b&gt;", "W" * 90]
TEXT = "I have used it for two weeks now, in rain and in wind, and it does what it should. "


class Site:
    """One for all tests: products TENT, MANY, CUP (Arabic and Hebrew), EVIL, GONE, SMALL and BARE (photos without words); placet-serve answers."""

    def __init__(self):
        self.world, self.minute, self.names = World(), 0, []
        self.check(self.world.placet("init", self.world.site))
        with open(os.path.join(self.world.site, "placet.conf"), "a", encoding="utf-8") as conf:
            conf.write("\n[source shop-form]\nconsents = trusted\n[serve]\nlisten = 127.0.0.1:0\n[site]\nplacements = pdp-gallery pdp-lightbox\n")
        # The newest comes first.
        self.drop("tent-last", "TENT", photos=0, rating=2, body=TEXT * 3, name="Jo")
        self.drop("tent-small", "TENT", photos=1, size="900x1200", rating=4, body=TEXT * 2, name="Marta K.", verification="order", connection="incentive")
        self.drop("tent-wide", "TENT", photos=2, size="2000x1500", rating=5, body=TEXT, title="Stands in three minutes", name="Åse Ø.", verification="order",
                  alt="Olive tent beside a lake")
        for i in range(14):
            self.drop("many-%d" % i, "MANY", photos=0, rating=1 + i % 5, body=TEXT, name="Reader %d" % i)
        self.drop("cup-he", "CUP", photos=1, rating=4, lang="he", name="נועה", title="ספל יפה", body="הספל קל וחזק, והקפה נשאר חם. ממליצה בחום לכל מי שיוצא לטיול.")
        self.drop("cup-ar", "CUP", photos=2, rating=5, lang="ar", name="ليلى", title="كوب جميل", body="شكله أنيق وخفيف الوزن، وطعم القهوة فيه رائع. أنصح به كل من يحب البساطة.")
        self.drop("evil", "EVIL", photos=1, rating=3, title=EVIL[0] + EVIL[2], body="\n".join(EVIL), name=EVIL[1], alt=EVIL[0] + EVIL[2])
        self.drop("gone", "GONE", photos=2, rating=5, body=TEXT)
        self.drop("small", "SMALL", photos=1, size="400x300", rating=5, body=TEXT, name="Ann")
        self.drop("bare", "BARE", photos=2, size="400x300", rating=4, body=TEXT, alt="")
        self.check(self.world.placet("ingest", self.world.site, *[os.path.join(self.world.made, name) for name in self.names]))
        self.check(self.world.placet("approve", self.world.site, *self.names))
        self.server = self.world.start(os.path.join(BIN, "placet-serve"), self.world.site, "--listen", "127.0.0.1:0")
        self.world.server = self.server
        self.placet = "http://%s:%d" % until(self.server.address)

    @staticmethod
    def check(said):
        if said.status != 0:
            raise Wrong(str(said))

    def drop(self, folder, product, **how):
        """options of scenario/drops.py, and name (shown), alt, lang, verification."""
        shown, alt, lang, verification = (how.pop(key, None) for key in ("name", "alt", "lang", "verification"))
        self.world.make(folder, {"product": product, "channels": "pdp", **{key: str(value) for key, value in how.items()}})
        path = os.path.join(self.world.made, folder, "submission.json")
        with open(path, encoding="utf-8") as file:
            told = json.load(file)
        self.minute += 1
        told["review"]["written_at"] = "2026-10-%02dT09:40:00.000Z" % self.minute
        told["review"]["rating"]["value"] = int(how["rating"])
        told["disclosure"]["verification"] = verification or "none"
        if shown:
            told["contributor"]["display_name"] = shown
        if lang:
            told["review"]["language_hint"] = lang
        for photo in told.get("photos", []):
            if alt != "":
                photo["alt"] = {"lang": lang or "en", "text": alt or "%s as it stands on the table" % product.title()}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False)
        self.names.append(folder)

    def answer(self, path):
        return json.loads(self.world.get(path).out)

    def link(self, name):
        """The address of a contributor's own page, here."""
        said = self.world.placet("rights", "link", self.world.site, "shop-form:cust-PRIVATE-" + name)
        self.check(said)
        return self.placet + "/c/" + said.out.strip().rsplit("/c/", 1)[1]

    def spool(self):
        return glob.glob(os.path.join(self.world.site, "spool", "r-*.json"))

    def close(self):
        self.world.close()


class Shop:
    """The shop's own server. Its policy is as strict as one can be (CSP level 3, Trusted Types): the widget has to live with it."""

    STYLE = """body{font:16px/1.5 system-ui,sans-serif;margin:0}main{max-width:70rem;margin:0 auto;padding:0 16px}header{height:120px}
placet-reviews{display:flow-root;min-height:100vh}.dark{background:#111;color:#eee}.brand{--placet-star:rgb(1,2,3);--placet-radius:0px}
.brand::part(heading){color:rgb(4,5,6)}.tall{height:1500px}footer{padding:40px 0}"""

    def __init__(self, placet):
        self.placet, self.pages = placet, {"/shop.css": ("text/css", self.STYLE)}
        shop = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                kind, text = shop.pages.get(self.path, ("text/plain", None))
                self.send_response(404 if text is None else 200)
                self.send_header("Content-Type", kind + "; charset=utf-8")
                self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self' %s; img-src %s; connect-src %s; base-uri 'none';"
                                 " require-trusted-types-for 'script'; trusted-types 'none'" % (shop.placet, shop.placet, shop.placet))
                self.end_headers()
                self.wfile.write((text or "").encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def widget(self, product, inside=None, **attributes):
        attributes = {"product": product, "territory": "DE", "lang": "en", **attributes}
        named = " ".join('%s="%s"' % (key.rstrip("_"), value) for key, value in attributes.items())
        if inside is None:
            inside = '<a href="%s/v1/products/%s/reviews.html?territory=DE">Customer reviews</a>' % (self.placet, product)
        return "<placet-reviews %s>%s</placet-reviews>" % (named, inside)

    def page(self, *widgets, lang="en", of="", before="", dir_="ltr"):
        """The address of a page with these widgets on it."""
        path = "/p%d" % len(self.pages)
        self.pages[path] = ("text/html", """<!doctype html><html lang="%s" dir="%s"><head><meta charset="utf-8"><title>A product</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/shop.css"><script async src="%s/widget.js"></script></head>
<body class="%s"><main><header><h1>A product</h1></header>%s%s</main><footer><p>The shop's foot</p></footer></body></html>"""
                            % (lang, dir_, self.placet, of, before, "\n".join(widgets)))
        return self.address + path

    def close(self):
        self.server.shutdown()
        self.server.server_close()
