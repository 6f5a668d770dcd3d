"""A Chromium that tests drive: its DevTools protocol over a pipe (--remote-debugging-pipe), without any package but Debian's browser."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PATIENCE = 15.0
# From the first line of each page on: what moved, what was painted largest, what the policy stopped, what went wrong.
WATCH = """
self.seen = {shifts: [], lcp: null, stopped: [], errors: [], hit: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) seen.shifts.push([e.value, e.sources.map(s =>
    s.node ? `${s.node.nodeName}.${s.node.className || ''} ${JSON.stringify(s.previousRect)}→${JSON.stringify(s.currentRect)}` : '?')]); })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.lcp = {url: e.url, size: e.size}; })
  .observe({type: 'largest-contentful-paint', buffered: true});
addEventListener('securitypolicyviolation', e => seen.stopped.push(`${e.violatedDirective} ${e.blockedURI}`));
addEventListener('error', e => { if (e.message) seen.errors.push(e.message); });
addEventListener('unhandledrejection', e => seen.errors.push(String(e.reason)));
"""


class Fault(Exception):
    """The browser refused, or did not come to an end."""


def program():
    return os.environ.get("PLACET_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="placet-chromium.")
        to_read, self.out = os.pipe()
        self.input, to_write = os.pipe()
        command = [program(), "--headless=new", "--remote-debugging-pipe", "--user-data-dir=" + self.folder, "--no-first-run", "--disable-gpu",
                   "--disable-extensions", "--disable-component-update", "--disable-background-networking", "--disable-sync", "--mute-audio",
                   "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en-US", "--proxy-server=direct://",
                   "--no-sandbox",  # with one it starts neither as root nor in most containers, and sees nothing here but what is ours
                   "--in-process-gpu", "--disable-features=SpareRendererForSitePerProcess,Translate,OptimizationHints,MediaRouter"]
        # The protocol is spoken on descriptors 3 and 4 of the browser, which would write into the reader's home but for the last words.
        self.process = subprocess.Popen(["bash", "-c", 'exec "$@" 3<&%d 4>&%d' % (to_read, to_write), "chromium", *command],
                                        pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True,
                                        env={**os.environ, "HOME": self.folder, "XDG_CONFIG_HOME": self.folder, "XDG_CACHE_HOME": self.folder})
        os.close(to_read)
        os.close(to_write)
        self.number, self.buffer, self.answers, self.pages, self.spare = 0, b"", {}, {}, None
        self.call("Browser.getVersion")

    def close(self):
        try:
            self.send("Browser.close")
            self.process.wait(10)
        except (subprocess.TimeoutExpired, OSError):
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        return self.number

    def call(self, method, session=None, **parameters):
        number = self.send(method, session, **parameters)
        self.listen(lambda: number in self.answers, method)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise Fault("%s: %s" % (method, answer["error"]))
        return answer["result"]

    def listen(self, enough, what):
        """Takes messages until there is enough; events go to their pages at once."""
        end = time.monotonic() + PATIENCE
        while not enough():
            while b"\0" not in self.buffer:
                left = end - time.monotonic()
                if left <= 0 or not select.select([self.input], [], [], left)[0]:
                    raise Fault("nothing came within %d s: %s" % (PATIENCE, what))
                data = os.read(self.input, 1 << 20)
                if not data:
                    raise Fault("the browser has ended: " + what)
                self.buffer += data
            line, self.buffer = self.buffer.split(b"\0", 1)
            message = json.loads(line)
            if "id" in message:
                self.answers[message["id"]] = message
            elif message.get("sessionId") in self.pages:
                self.pages[message["sessionId"]].happened(message["method"], message["params"])

    def page(self, width=1000, height=800, dpr=1, dark=False, scripts=True, before="", fresh=False):
        """A window in which nothing is left of what was before; fresh: that never had anything, which takes a second of a processor."""
        page, self.spare = (Page(self), self.spare) if fresh or not self.spare else (self.spare, None)
        page.begin(width, height, dpr, dark, scripts, before)
        return page


class Page:
    """`with browser.page(360, 640, dpr=2, dark=True) as page`"""

    def __init__(self, browser):
        self.browser, self.requests, self.loaded, self.rules, self.held, self.watch = browser, [], 0, [], [], None
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=self.context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def begin(self, width, height, dpr, dark, scripts, before):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=dpr, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.watch = self.call("Page.addScriptToEvaluateOnNewDocument", source=WATCH + before)["identifier"]

    def __enter__(self):
        return self

    def __exit__(self, fault, *what):
        if fault or self.browser.spare:
            self.close()
            return
        self.call("Page.removeScriptToEvaluateOnNewDocument", identifier=self.watch)
        self.call("Fetch.disable")
        self.call("Emulation.setTouchEmulationEnabled", enabled=False)
        self.call("Page.navigate", url="about:blank")
        self.call("Network.clearBrowserCache")
        self.requests, self.rules, self.held, self.browser.spare = [], [], [], self

    def close(self):
        del self.browser.pages[self.session]
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def happened(self, method, told):
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Page.loadEventFired":
            self.loaded += 1
        elif method == "Fetch.requestPaused":
            self.paused(told)

    # Requests: let through, held until release(), or failed

    def rule(self, part, what):
        """what: "hold", "drop", or a status; for addresses that contain `part`."""
        if not self.rules:
            self.call("Fetch.enable")
        self.rules.append((part, what))

    def paused(self, told):
        url, number = told["request"]["url"], told["requestId"]
        what = next((what for part, what in reversed(self.rules) if part in url), "pass")
        if what == "hold":
            self.held.append((number, url))
        elif what == "drop":
            self.browser.send("Fetch.failRequest", self.session, requestId=number, errorReason="ConnectionRefused")
        elif what == "pass":
            self.browser.send("Fetch.continueRequest", self.session, requestId=number)
        else:
            self.browser.send("Fetch.fulfillRequest", self.session, requestId=number, responseCode=what,
                              responseHeaders=[{"name": "Access-Control-Allow-Origin", "value": "*"}],
                              body=base64.b64encode(b"{}").decode())

    def wait_held(self, part, count=1):
        self.browser.listen(lambda: sum(part in url for _, url in self.held) >= count, "request of " + part)

    def release(self, part=""):
        """Lets go what is held, and holds no more of it."""
        self.rules.append((part, "pass"))
        for number, url in [one for one in self.held if part in one[1]]:
            self.browser.send("Fetch.continueRequest", self.session, requestId=number)
        self.held = [one for one in self.held if part not in one[1]]

    # What a reader does

    def open(self, url, wait=True):
        before = self.loaded
        answer = self.call("Page.navigate", url=url)
        if "errorText" in answer:
            raise Fault("%s: %s" % (url, answer["errorText"]))
        if wait:
            self.browser.listen(lambda: self.loaded > before, "end of loading " + url)

    def reload(self):
        before = self.loaded
        self.call("Page.reload")
        self.browser.listen(lambda: self.loaded > before, "end of loading again")

    def back(self):
        """As the reader does; a page that the browser kept is not loaded again."""
        told = self.call("Page.getNavigationHistory")
        self.call("Page.navigateToHistoryEntry", entryId=told["entries"][told["currentIndex"] - 1]["id"])

    def media(self, kind, **features):
        """media("print"), media("", forced_colors="active"): until another is set."""
        self.call("Emulation.setEmulatedMedia", media=kind, features=[{"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39, " ": 32}

    def key(self, key, shift=False):
        told = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": self.KEYS[key], "modifiers": 8 if shift else 0}
        if key in ("Enter", " "):
            told["text"] = "\r" if key == "Enter" else " "
        self.call("Input.dispatchKeyEvent", type="keyDown", **told)
        self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    def click(self, element):
        """The mouse, on the middle of what an expression gives: input as a reader's own."""
        x, y = self.run("(e => { e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })"
                        "(%s)" % element)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def swipe(self, x, y, by):
        for kind, points in (("touchStart", [x]), ("touchMove", [x + by // 2]), ("touchMove", [x + by]), ("touchEnd", [])):
            self.call("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": at, "y": y} for at in points])

    def scroll(self, y):
        self.run("scrollTo(0, %d)" % y)

    # What is there

    def run(self, script):
        """The value of an expression; a promise's when it is settled."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            told = answer["exceptionDetails"]
            raise Fault("%s: %s" % (script[:200], told.get("exception", {}).get("description", told["text"])))
        return answer["result"].get("value")

    def wait(self, condition):
        """Until an expression is true: looked at in each frame."""
        try:
            return self.run("new Promise(done => { const look = () => { let is = false; try { is = (%s) } catch {} is ? done(is) : setTimeout(look, 8); };"
                            " look(); })" % condition)
        except Fault as fault:
            raise Fault("never true: %s (%s)" % (condition, fault)) from None

    def frames(self, count=2):
        """Whatever was changed has been laid out and painted."""
        self.run("new Promise(done => { let n = %d; const next = () => n-- ? requestAnimationFrame(next) : done(); next(); })" % count)

    def names(self):
        """[(role, name)] as a screen reader is told, in order."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]

    def picture(self, path, full=False):
        told = {"captureBeyondViewport": full}
        if full:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            told["clip"] = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png", **told)["data"]))
