#!/usr/bin/env python3
"""Do the widget and the pages behave in a real browser, as a shop's customers meet them? Prints TAP; each test's name is the sentence that must be true.

Needs Debian's chromium. axe-core (npm install --prefix DIR axe-core) is taken from $PLACET_NODE_MODULES, or that row is skipped.
$PLACET_CHROMIUM: another Chromium, or Chrome. $PLACET_SCREENSHOTS: a folder into which a picture of each thing is put. Words as arguments: only the tests that have one in their name.
"""
import html
import os
import re
import subprocess
import sys
import time
import traceback
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chromium  # noqa: E402
from chromium import Browser, Fault  # noqa: E402
from shop import EVIL, TEXT, Shop, Site  # noqa: E402

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# $: in the first widget's shadow; $$: all of them; at: the element that has the focus, however deep.
HELP = """
self.host = n => document.querySelectorAll('placet-reviews')[n || 0];
self.$ = (s, n) => host(n).shadowRoot.querySelector(s);
self.$$ = (s, n) => [...host(n).shadowRoot.querySelectorAll(s)];
self.at = () => { let e = document.activeElement; while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement; return e; };
"""
DRAWN = "$('.item') && !$('[aria-busy]')"
PAINTED = "$$('.strip img, .photos img').filter(i => i.getBoundingClientRect().top < innerHeight).every(i => i.complete && i.naturalWidth)"


class Wrong(Exception):
    pass


class Skip(Exception):
    pass


def true(condition, told):
    if not condition:
        raise Wrong(told)


def same(found, expected, what):
    true(found == expected, "%s: expected %r, found %r" % (what, expected, found))


class Tests:
    def __init__(self, site, shop, browser):
        self.site, self.shop, self.browser = site, shop, browser

    def page(self, *size, **how):
        return self.browser.page(*size, before=HELP, **how)

    def open(self, page, *widgets, **how):
        """The shop's page with these widgets, drawn."""
        page.open(self.shop.page(*widgets, **how))
        for n in range(len(widgets)):
            page.wait("host(%d).shadowRoot.querySelector('.item, .none')" % n)
        return page

    def of(self, product, **parameters):
        return "%s/v1/products/%s/reviews.html?%s" % (self.site.placet, product, urllib.parse.urlencode({"territory": "DE", **parameters}))

    @staticmethod
    def clean(page):
        """Nothing moved, nothing was stopped by the policy, nothing went wrong."""
        page.frames()
        seen = page.run("({...seen})")
        same(seen["shifts"], [], "layout shifts")
        same(seen["stopped"], [], "stopped by the policy")
        same(seen["errors"], [], "errors of scripts")
        same(seen["hit"], 0, "scripts of strangers that ran")

    @staticmethod
    def shot(page, name, full=False):
        folder = os.environ.get("PLACET_SCREENSHOTS")
        if folder:
            page.picture(os.path.join(folder, name + ".png"), full)

    # --- nothing moves

    def test_nothing_moves_on_a_shops_page_however_slowly_it_comes(self):
        for width, height, before in ((360, 640, ""), (1280, 800, ""), (1280, 800, '<div class="tall"></div>')):
            with self.page(width, height) as page:
                for part in ("/widget.js", "/v1/", "/m/"):
                    page.rule(part, "hold")
                page.open(self.shop.page(self.shop.widget("TENT"), self.shop.widget("SMALL"), before=before), wait=False)
                page.wait_held("/widget.js")
                page.frames()
                page.release("/widget.js")
                page.wait_held("/reviews", 2)
                page.frames()
                true(page.run("$('.bone').getBoundingClientRect().height > 10"), "an outline of what comes")
                page.release("/v1/")
                page.wait(DRAWN)
                page.frames()
                if not before:
                    page.wait_held("/m/")
                page.release("/m/")
                page.wait(PAINTED)
                for y in range(0, 6000, 700):
                    page.scroll(y)
                    page.frames(1)
                page.wait("$$('img').every(i => i.complete && i.naturalWidth)")
                self.clean(page)

    def test_nothing_moves_on_the_page_without_javascript(self):
        for width in (360, 1280):
            with self.page(width, 700) as page:
                page.rule("/m/", "hold")
                page.open(self.of("TENT"), wait=False)
                page.wait_held("/m/")
                page.frames()
                page.release("/m/")
                for y in range(0, 5000, 600):
                    page.scroll(y)
                    page.frames(1)
                page.wait("[...document.images].every(i => i.complete && i.naturalWidth)")
                self.clean(page)

    def test_more_and_filters_move_nothing_however_late_the_answer_is(self):
        for element, count in (("$('.hist button:enabled')", 2), ("$('.all')", 12), ("$('.more')", 14)):
            with self.page(1000, 800) as page:
                self.open(page, self.shop.widget("MANY"))
                if count == 12:
                    page.click("$('.hist button:enabled')")
                    page.wait("$$('.item').length == 2 && !$('[aria-busy]')")
                page.rule("/reviews", "hold")
                page.click(element)
                page.wait_held("/reviews")
                page.run("new Promise(done => setTimeout(done, 600))")  # what moves within 0.5 s of a click counts as asked for
                page.release("/reviews")
                page.wait("$$('.item').length == %d && !$('[aria-busy]')" % count)
                page.frames()
                self.clean(page)

    # --- the right file

    WIDGET_FILES = (
        # viewport, DPR: the file of the largest picture in sight
        (360, 1, "pdp-gallery.320.webp"), (360, 2, "pdp-gallery.640.webp"), (360, 3, "pdp-gallery.960.webp"),
        (768, 1, "pdp-gallery.480.webp"), (768, 2, "pdp-gallery.960.webp"),
        (1280, 1, "pdp-gallery.480.webp"), (1280, 2, "pdp-gallery.960.webp"), (1920, 1.5, "pdp-gallery.640.webp"))

    def test_the_largest_picture_in_sight_is_the_file_that_fits_viewport_and_pixels(self):
        faults = []
        for width, dpr, expected in self.WIDGET_FILES:
            with self.page(width, 900, dpr) as page:
                page.open(self.shop.page(self.shop.widget("TENT")))
                page.wait(DRAWN)
                page.wait(PAINTED)
                page.wait("seen.lcp.url && $$('.strip img').some(i => i.currentSrc == seen.lcp.url)")
                found = page.run("seen.lcp.url").split("/")[-1]
                drawn = page.run("$('.strip img').getBoundingClientRect().width")
                if found != expected:
                    faults.append("%d px at %s: %s, expected %s (drawn %d px wide)" % (width, dpr, found, expected, drawn))
                if page.run("$('.strip img').fetchPriority") != "high":
                    faults.append("%d px at %s: the first picture is not fetched first" % (width, dpr))
        same(faults, [], "files")

    PAGE_FILES = ((360, 1, "320.webp"), (360, 2, "640.webp"), (360, 3, "960.webp"), (1280, 1, "320.webp"), (1280, 2, "640.webp"))

    def test_the_same_on_the_page_without_javascript(self):
        faults = []
        for width, dpr, expected in self.PAGE_FILES:
            with self.page(width, 900, dpr) as page:
                page.open(self.of("TENT"))
                page.wait("seen.lcp.url && [...document.images].some(i => i.currentSrc == seen.lcp.url)")
                found = page.run("seen.lcp.url").split("/")[-1].split(".", 1)[1]
                if found != expected:
                    faults.append("%d px at %s: %s, expected %s" % (width, dpr, found, expected))
        same(faults, [], "files")

    def test_pictures_far_below_are_not_fetched(self):
        with self.page(1000, 700) as page:
            self.open(page, self.shop.widget("TENT"), before='<div class="tall"></div><div class="tall"></div><div class="tall"></div><div class="tall"></div>')
            page.frames(4)
            same([url for url in page.requests if "/m/" in url], [], "pictures fetched")
            page.scroll(6000)
            page.wait("$('.strip img').complete && $('.strip img').naturalWidth")
            self.clean(page)

    def test_in_a_tab_that_is_closed_nothing_is_fetched_and_then_the_right_file(self):
        with self.page(1280, 900, 2) as page:
            page.open(self.shop.page("<details><summary>Reviews</summary>", self.shop.widget("TENT"), "</details>"))
            page.wait("$('.item')")
            page.frames(4)
            same([url for url in page.requests if "/m/" in url], [], "pictures fetched")
            page.click("document.querySelector('summary')")
            page.wait("$('.strip img').currentSrc.endsWith('/pdp-gallery.960.webp')")

    def test_nothing_hangs_out_of_a_narrow_page_with_letters_of_twice_the_size_too(self):
        with self.page(320, 640) as page:
            for product in ("TENT", "EVIL", "CUP"):
                for address in (self.shop.page(self.shop.widget(product)), self.shop.page(self.shop.widget(product, layout="cards")), self.of(product)):
                    page.open(address)
                    page.wait("document.querySelector('.item') || $('.item')")
                    page.run("[...document.querySelectorAll('.hist span:last-child'), ...(self.host && host() ? $$('.hist span:last-child') : [])]"
                             ".forEach(number => { number.textContent = '1,000,000'; })")
                    for size in ("100%", "200%"):
                        page.run("document.documentElement.style.fontSize = '%s'; document.body.style.fontSize = '1rem'" % size)
                        page.frames()
                        same(page.run("document.documentElement.scrollWidth"), 320, "width of %s at %s" % (product, size))

    def test_on_paper_all_photos_are_there_and_nothing_hangs_out(self):
        with self.page(700, 900) as page:
            for address in (self.shop.page(self.shop.widget("TENT")), self.of("TENT")):
                page.open(address)
                page.wait("document.querySelector('.item') || $('.item')")
                page.media("print")
                page.frames()
                true(page.run("[...document.images, ...(self.host && host() ? $$('img') : [])].every(i => i.getBoundingClientRect().right <= 700)"), "photos within the sheet")
                page.media("")
            page.open(self.shop.page(self.shop.widget("TENT")))
            page.wait(DRAWN)
            same(page.run("[getComputedStyle($('.stars'), '::before'), getComputedStyle($('.bar i'))].map(s => s.printColorAdjust)"), ["exact", "exact"],
                 "stars and bars are drawn with grounds, which printers leave out")

    def test_with_the_readers_own_colours_ratings_are_still_seen(self):
        with self.page() as page:
            page.media("", forced_colors="active", prefers_color_scheme="dark")
            self.open(page, self.shop.widget("TENT"))
            same(page.run("getComputedStyle($('.item .stars'), '::after').content"), '"5 / 5"', "the rating in words")
            is_, own = page.run("(i => [getComputedStyle(i).backgroundColor, (i.style.background = 'Highlight', getComputedStyle(i).backgroundColor)])($('.bar i'))")
            same(is_, own, "colour of a bar, and what the reader marks with")
            page.media("")

    # --- for everybody

    def test_axe_finds_nothing_serious(self):
        folder = os.environ.get("PLACET_NODE_MODULES", "")
        path = next((p for p in (os.path.join(folder, "axe-core/axe.min.js"), os.path.join(folder, "node_modules/axe-core/axe.min.js")) if os.path.exists(p)), None)
        if not path:
            raise Skip("axe-core is not in $PLACET_NODE_MODULES")
        with open(path, encoding="utf-8") as file:
            axe = file.read()
        link = self.site.link("tent-wide")
        item = self.site.answer("/v1/products/TENT/reviews?territory=DE")["items"][0]["id"]
        widget, look = self.shop.widget, "$('.strip button').click()"
        rows = (("widget", widget("TENT"), {}, {}, ""), ("widget, dark", widget("TENT"), {"of": "dark"}, {"dark": True}, ""),
                ("widget, right to left", widget("CUP", lang="ar"), {"lang": "ar", "dir_": "rtl"}, {}, ""),
                ("widget as cards, narrow", widget("TENT", layout="cards"), {}, {"width": 360}, ""),
                ("widget, Ukrainian", widget("TENT", lang="uk"), {"lang": "uk"}, {}, ""), ("page, Thai", self.of("TENT", lang="th"), None, {}, ""),
                ("lightbox", widget("TENT"), {}, {}, look), ("lightbox, right to left", widget("CUP", lang="he"), {"lang": "he", "dir_": "rtl"}, {}, look),
                ("nothing yet", widget("NOBODY"), {}, {}, ""),
                ("page", self.of("TENT"), None, {}, ""), ("page, dark", self.of("TENT"), None, {"dark": True}, ""),
                ("page, right to left", self.of("CUP", lang="ar"), None, {"width": 360}, ""),
                ("report", "%s/v1/report?item=%s&lang=de" % (self.site.placet, item), None, {}, ""),
                ("report, dark", "%s/v1/report?item=%s&lang=he" % (self.site.placet, item), None, {"dark": True}, ""),
                ("contributor's own page", link + "?lang=fr", None, {}, ""),
                ("contributor's own page, photos without words", self.site.link("bare") + "?lang=ar", None, {}, ""))
        faults = []
        for what, place, how, window, then in rows:
            with self.page(**window) as page:
                if how is None:
                    page.open(place)
                else:
                    self.open(page, place, **how)
                if then:
                    page.run(then)
                    page.wait("$('dialog').open")
                page.run(axe + "; 0")
                found = page.run("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
                                 ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0] || n.none[0] || n.all[0] || {}).message).join('; ')))")
                faults += ["%s: %s" % (what, one) for one in found]
        same(faults, [], "found by axe")

    def test_each_item_of_a_contributors_own_page_has_a_name_of_its_own(self):
        with self.page() as page:
            page.open(self.site.link("bare") + "?lang=ja")
            names = page.run("[...document.querySelectorAll('img')].map(i => i.alt)")
            true(len(names) == 2 and all("BARE" in name for name in names), names)
            names = page.run("[...document.querySelectorAll('button')].map(b => b.ariaLabel || b.textContent)")
            same((len(names), len(set(names))), (4, 4), names)

    def test_the_keyboard_reaches_all_and_comes_back_from_the_lightbox(self):
        with self.page() as page:
            self.open(page, self.shop.widget("TENT"))
            way = []
            for _ in range(40):
                page.key("Tab")
                way.append(page.run("at() && at().localName + '.' + (at().getAttribute('part') || at().className || '')"))
                if way[-1] == "button.photo" or way[-1].startswith("body"):
                    break
            true("button.photo" in way, "Tab never came to a photo: %s" % way)
            true(page.run("getComputedStyle(at()).outlineStyle != 'none' && parseFloat(getComputedStyle(at()).outlineWidth) >= 2"), "the focus is seen")
            page.key("Enter")
            page.wait("$('dialog').open")
            same(page.run("at().className"), "shut", "the focus in the lightbox")
            same(page.run("$('.count').textContent"), "1 / 3", "which photo")
            page.key("ArrowRight")
            same(page.run("$('.count').textContent"), "2 / 3", "after the right arrow")
            page.key("ArrowLeft")
            page.key("ArrowLeft")
            same(page.run("$('.count').textContent"), "3 / 3", "after two left arrows")
            inside = []
            for shift in (False, True):
                for _ in range(8):
                    page.key("Tab", shift)
                    inside.append(page.run("at() == document.body || $('dialog').contains(at())"))
            true(all(inside), "the focus left the open lightbox")
            page.key("Escape")
            page.wait("!$('dialog').open")
            same(page.run("at().getAttribute('part')"), "photo", "the focus after it was closed")
            page.key(" ")
            page.wait("$('dialog').open")
            page.key("Escape")
            self.clean(page)

    def test_a_click_beside_the_photo_closes_and_the_buttons_turn_pages(self):
        with self.page() as page:
            self.open(page, self.shop.widget("TENT"))
            page.run("$('.strip button').click()")
            page.run("$('.next').click()")
            same(page.run("$('.count').textContent"), "2 / 3", "after the button")
            page.wait("$('dialog img').complete && $('dialog img').naturalWidth")
            file, drawn = page.run("[$('dialog img').currentSrc, $('dialog img').getBoundingClientRect().width]")
            same(file.split("/")[-1], "pdp-gallery.960.webp", "the file, drawn %d px wide" % drawn)
            true(drawn > 700, "the photo is as large as the window lets it: %d px wide" % drawn)
            box = page.run("(r => [r.left, r.top, r.right, r.bottom, innerWidth, innerHeight])($('dialog img').getBoundingClientRect())")
            true(box[0] >= 0 and box[1] >= 0 and box[2] <= box[4] and box[3] <= box[5], "the photo is within the window: %s" % box)
            before = page.run("scrollY")
            page.call("Input.dispatchMouseEvent", type="mouseWheel", x=500, y=300, deltaX=0, deltaY=400)
            page.frames(4)
            same(page.run("scrollY"), before, "the page behind it")
            page.run("$('dialog figure').click()")
            page.wait("!$('dialog').open")

    def test_a_finger_turns_pages_in_the_direction_of_reading(self):
        for lang, product, way in (("en", "TENT", -120), ("ar", "CUP", 120)):
            with self.page(360, 640) as page:
                page.call("Emulation.setTouchEmulationEnabled", enabled=True)
                self.open(page, self.shop.widget(product, lang=lang))
                page.run("$('.strip button').click()")
                page.wait("$('dialog').open")
                page.swipe(180, 250, way)
                page.wait("$('.count').textContent.match(/[0-9]/)[0] == '2'")
                page.swipe(180, 250, -way)
                page.wait("$('.count').textContent.match(/[0-9]/)[0] == '1'")
                true(page.run("$('dialog').open"), "the lightbox stays open")

    def test_a_screen_reader_is_told_what_there_is(self):
        with self.page() as page:
            self.open(page, self.shop.widget("TENT"))
            names = page.names()
            for wanted in (("heading", "Customer reviews"), ("region", "Customer reviews"), ("group", "Customer photos"), ("button", "Olive tent beside a lake"),
                           ("image", "Olive tent beside a lake"), ("heading", "Stands in three minutes"), ("image", "5 / 5"), ("image", "3.7 / 5"),
                           ("link", "Report: Marta K.")):
                true(wanted in names, "%s is told; there is %s" % (wanted, [n for n in names if n[0] == wanted[0]]))
            true(all(name for role, name in names if role in ("button", "link", "image", "heading")), "each has a name: %s" % names)
            same(page.run("$('h3').lang + ' ' + $('h3').dir"), "en ltr", "language of a title")
            page.run("$('.strip button').click()")
            page.wait("$('dialog').open")
            names = page.names()
            for wanted in (("dialog", "Customer photos"), ("button", "Close"), ("button", "Next photo"), ("button", "Previous photo")):
                true(wanted in names, "%s is told; there is %s" % (wanted, names))
            same(page.run("$('dialog [aria-live]').textContent.includes('Åse')"), True, "whose photo is told")

    def test_more_are_announced_and_the_focus_goes_to_the_first_new_one(self):
        with self.page() as page:
            self.open(page, self.shop.widget("MANY"))
            same(page.run("$$('.item').length"), 12, "reviews at first")
            page.click("$('.more')")
            page.wait("$$('.item').length == 14")
            same(page.run("$('[role=status]').textContent"), "14 reviews", "what is announced")
            same(page.run("$$('.item').indexOf(at())"), 12, "which review has the focus")
            true(page.run("$('.more').hidden"), "there is no more")
            page.click("$$('.hist button')[0]")
            page.wait("$$('.item').length == 2")
            same(page.run("$$('.hist button')[0].getAttribute('aria-pressed')"), "true", "the filter is told")
            same(page.run("$('.avg b').textContent"), "2.9", "the average is over all")
            self.clean(page)

    # --- as the shop wants it

    def test_right_to_left_in_arabic_and_hebrew(self):
        for lang, heading, whose in (("ar", "آراء العملاء", "ليلى"), ("he", "ביקורות לקוחות", "נועה")):
            with self.page(width=1200) as page:
                self.open(page, self.shop.widget("CUP", lang=lang), lang=lang, dir_="rtl")
                same(page.run("$('section').dir + getComputedStyle($('h2')).direction"), "rtlrtl", "direction")
                same(page.run("$('h2').textContent"), heading, "heading")
                true(page.run("$$('.item').some(i => i.textContent.includes('%s'))" % whose), "the reviewer's name")
                true(page.run("$('.who').getBoundingClientRect().left > $('.text').getBoundingClientRect().left"), "who stands on the right of what they say")
                true(page.run("$('.stars').getBoundingClientRect().right <= innerWidth"), "stars within the page")
                page.run("$('.strip button').click()")
                page.wait("$('dialog').open")
                page.key("ArrowLeft")
                same(page.run("$('.count').textContent"), "2 / 3", "left goes on")
                true(page.run("$('.next').getBoundingClientRect().left < $('.prev').getBoundingClientRect().left"), "the way on is on the left")
                stars = "getComputedStyle($('.item .stars'), '::before')"
                true(page.run(stars + ".transform == 'none' && " + stars + ".backgroundImage.includes('to left')"), "stars are filled from the right, where they stand")
                same(page.run("$('.next').textContent + getComputedStyle($('.next')).transform"), "›none", "its sign, which is mirrored once, by its script's direction")
                true(page.run("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs out")
                self.clean(page)

    def test_dark_pages_have_light_text_and_no_bright_boxes(self):
        with self.page(dark=True) as page:
            self.open(page, self.shop.widget("TENT"), of="dark")
            same(page.run("getComputedStyle($('.text')).color"), "rgb(238, 238, 238)", "colour of the text")
            page.open(self.of("TENT"))
            true(page.run("getComputedStyle(document.body).backgroundColor") != "rgb(250, 248, 244)", "the page's ground is dark")

    def test_the_language_is_switched_by_the_attribute(self):
        with self.page() as page:
            self.open(page, self.shop.widget("TENT", lang="en"))
            for lang, heading, more in (("de", "Kundenbewertungen", "3,7"), ("fr-CA", "Avis des clients", "3,7"), ("ja", "お客様の声", "3.7"), ("zh-TW", "顧客評價", "3.7")):
                page.run("host().lang = '%s'" % lang)
                page.wait("$('h2').textContent == '%s' && !$('[aria-busy]')" % heading)
                same(page.run("$('.avg b').textContent"), more, "the average in " + lang)
            same(page.run("$('section').lang"), "zh-Hant", "language of what the widget says")
            page.run("host().lang = 'de_DE'")
            page.wait("$('h2').textContent == 'Kundenbewertungen'")
            page.run("host().removeAttribute('lang'); host().setAttribute('product', 'CUP')")
            page.wait("$('h2').textContent == 'Customer reviews' && $$('.item').length == 2")
            self.clean(page)

    def test_widget_and_page_count_and_speak_as_the_readers_language_does(self):
        rows = (("uk", "Відгуки покупців", "3 відгуки", "14 відгуків", "Більше відгуків", "Поскаржитися"),
                ("ro", "Recenziile clienților", "3 recenzii", "14 recenzii", "Mai multe recenzii", "Raportează"),
                ("no", "Kundeanmeldelser", "3 anmeldelser", "14 anmeldelser", "Flere anmeldelser", "Rapporter"),
                ("th", "รีวิวจากลูกค้า", "3 รีวิว", "14 รีวิว", "ดูรีวิวเพิ่มเติม", "รายงาน"))
        for lang, heading, three, fourteen, more, report in rows:
            with self.page() as page:
                self.open(page, self.shop.widget("TENT", lang=lang), self.shop.widget("MANY", lang=lang), lang=lang)
                page.wait("$$('.item', 1).length == 12")
                same(page.run("['h2', '.avg small', '.flag'].map(s => $(s).textContent)"), [heading, three, report], "the widget, " + lang)
                same(page.run("['.avg small', '.more'].map(s => $(s, 1).textContent)"), [fourteen, more], "with more of them, " + lang)
                page.click("$('.more', 1)")
                page.wait("$$('.item', 1).length == 14")
                same(page.run("$('[role=status]', 1).textContent"), fourteen, "what is heard, " + lang)
                self.clean(page)
                dates = page.run("$$('.item time', 1).map(t => t.textContent.replace(/\\s/g, ' ')).slice(0, 12)")
                page.open(self.of("MANY", lang=lang))
                same(page.run("[...document.querySelectorAll('.item time')].map(t => t.textContent.replace(/\\s/g, ' '))"), dates, "dates, those of the widget")
                same(page.run("['h1', '.sum small', '.more a'].map(s => document.querySelector(s).textContent)")[-2:], [fourteen, more], "the page, " + lang)
                same(page.run("document.documentElement.lang"), "nb" if lang == "no" else lang, "its language")
                self.shot(page, "page-" + lang, True)

    def test_a_theme_is_set_by_properties_and_parts(self):
        with self.page() as page:
            self.open(page, self.shop.widget("TENT"), of="brand")
            page.run("host().className = 'brand'")
            same(page.run("getComputedStyle($('.bar i')).backgroundColor"), "rgb(1, 2, 3)", "--placet-star")
            same(page.run("getComputedStyle($('.strip img')).borderRadius"), "0px", "--placet-radius")
            same(page.run("getComputedStyle($('h2')).color"), "rgb(4, 5, 6)", "::part(heading)")

    def test_two_widgets_on_one_page_do_not_know_of_each_other(self):
        with self.page() as page:
            self.open(page, self.shop.widget("TENT"), self.shop.widget("CUP", lang="ar"))
            same(page.run("[host(0), host(1)].map((h, i) => $('h2', i).textContent)"), ["Customer reviews", "آراء العملاء"], "headings")
            page.run("$('.hist button:enabled', 1).click(); $('.hist button:enabled', 0).click()")  # one asks while the other does
            page.wait("[0, 1].every(n => $$('.item', n).length == 1 && !$('[aria-busy]', n))")
            same(page.run("[0, 1].map(n => $('[role=status]', n).textContent)"), ["1 review", "رأي واحد"], "what each announces")
            page.run("$('.all', 0).click()")
            page.wait("$$('.item', 0).length == 3 && !$('[aria-busy]', 0)")
            same(page.run("$$('.item', 1).length"), 1, "reviews of the other, which still chooses")
            page.run("$('.strip button, .photos button', 1).click()")
            page.wait("$('dialog', 1).open")
            true(page.run("!$('dialog', 0).open"), "the other's lightbox stays shut")
            page.key("Escape")
            page.run("document.head.append(Object.assign(document.createElement('link'), {rel: 'x'})); host(1).remove()")
            same(page.run("$$('.item', 0).length"), 3, "reviews of the first")
            same(page.run("getComputedStyle($('.item', 0)).borderTopStyle"), "solid", "its style sheet, which both have")
            page.run("host(0).parentNode.append(host(0))")
            page.wait("$$('.item', 0).length == 3 && !$('[aria-busy]')")

    # --- what it must not do

    def test_nothing_is_kept_on_the_readers_device_and_nobody_else_is_asked(self):
        with self.page(fresh=True) as page:
            self.open(page, self.shop.widget("TENT"))
            page.run("$('.strip button').click()")
            page.wait("$('dialog img').complete")
            page.key("Escape")
            ours = (self.site.placet + "/", self.shop.address + "/")
            same([url for url in page.requests if not url.startswith(ours)], [], "requests elsewhere")
            kept = ("Promise.all([indexedDB.databases(), caches.keys()]).then(of => of.flat().length + localStorage.length + sessionStorage.length)")
            same(page.run(kept), 0, "things stored for the shop's page")
            page.open(self.of("TENT"))
            same(page.run(kept), 0, "things stored for the page of reviews")
            same(page.browser.call("Storage.getCookies", browserContextId=page.context)["cookies"], [], "cookies")

    def test_a_products_id_may_be_anything(self):
        with self.page() as page:
            for product in ("A/B", "A/../B?x=1&y#z", 'a "b" <c> 100%25 +;é日本', "%2e%2e"):
                self.open(page, self.shop.widget(html.escape(product)))
                same(page.run("$('.none').textContent"), "No reviews to show here yet.", "answer for %r" % product)
                asked = [urllib.parse.unquote(url.split("/v1/products/")[1].split("/reviews")[0]) for url in page.requests if "/v1/products/" in url]
                same(asked[-1], product, "what was asked")
                self.clean(page)

    def test_words_of_strangers_stay_words(self):
        inside = '<p>Ask <b>the shop</b></p>'
        with self.page() as page:
            self.open(page, self.shop.widget("EVIL", inside=inside))
            text = page.run("$('.text').textContent")
            for evil in EVIL:
                true(evil in text or evil in page.run("$('.item').textContent"), "%r is shown as it was written: %r" % (evil, text))
            same(page.run("$('.item h3').textContent"), EVIL[0] + EVIL[2], "the title")
            same(page.run("$$('script, [onerror], [onmouseover], h1').length"), 0, "elements that a stranger wrote")
            page.run("$('.photos button').click()")
            page.wait("$('dialog').open")
            same(page.run("$$('script, [onerror], [onmouseover], h1').length"), 0, "elements that a stranger wrote, in the lightbox")
            self.clean(page)
            page.open(self.of("EVIL"))
            same(page.run("document.querySelectorAll('script, [onerror], [onmouseover]').length + document.querySelectorAll('h1').length"), 1, "such elements on the page")
            self.clean(page)
            page.open(self.of('EVIL"><script>seen.hit++</script>'))
            same(page.run("document.querySelectorAll('script').length + seen.hit"), 0, "scripts by the product's id")

    # --- when things go wrong

    def test_a_photo_withdrawn_is_gone_when_the_page_is_loaded_again(self):
        with self.page() as page:
            self.open(page, self.shop.widget("GONE"))
            page.wait(PAINTED)
            photos = page.run("$$('.strip img').map(i => i.currentSrc)")
            same(len(photos), 2, "photos before")
            item = self.site.answer("/v1/products/GONE/reviews?territory=DE")["items"][0]["photos"][0]["id"]
            self.site.check(self.site.world.placet("rights", "withdraw", self.site.world.site, item))
            page.reload()
            page.wait(DRAWN)
            page.wait("$$('.photos img').every(i => i.complete)")
            left = page.run("$$('img').map(i => i.currentSrc)")
            same([len(left), left[0] in photos], [1, True], "photos afterwards: %s" % left)
            gone = [url for url in photos if url not in left][0]
            same(page.run("fetch('%s', {cache: 'reload'}).then(a => a.status)" % gone), 404, "the file itself")

    def test_a_photo_withdrawn_is_gone_when_the_reader_goes_back_to_a_page_that_the_browser_kept(self):
        with self.page(fresh=True) as page:
            self.open(page, self.shop.widget("GONE"))
            page.wait("$$('img').every(i => i.complete && i.naturalWidth)")
            page.run("self.kept = true")
            before = page.run("$$('.photos img').length")
            page.open(self.shop.page())
            same(page.run("!!self.kept"), False, "another page")
            item = self.site.answer("/v1/products/GONE/reviews?territory=DE")["items"][0]["photos"][0]["id"]
            self.site.check(self.site.world.placet("rights", "withdraw", self.site.world.site, item))
            page.back()
            page.wait("self.kept && $$('.photos img').length == %d && !$('[aria-busy]')" % (before - 1))
            self.clean(page)

    def test_going_back_shows_as_many_as_were_shown(self):
        with self.page(fresh=True) as page:
            self.open(page, self.shop.widget("MANY"))
            page.click("$('.more')")
            page.wait("$$('.item').length == 14")
            page.run("self.kept = host().offsetHeight; $('.item').gone = true")
            page.open(self.shop.page())
            page.back()
            page.wait("self.kept && !$('.item').gone && $$('.item').length == 14 && !$('[aria-busy]')")
            same(page.run("host().offsetHeight - kept"), 0, "how much taller it is")
            self.clean(page)

    def test_a_photo_withdrawn_while_the_page_is_open_leaves_no_broken_picture(self):
        with self.page() as page:
            page.rule("/m/", 404)
            self.open(page, self.shop.widget("TENT"))
            page.wait("$$('.strip button').every(b => getComputedStyle(b).visibility == 'hidden')")
            self.clean(page)

    def test_without_javascript_the_link_stays_and_leads_to_all_of_it(self):
        with self.page(scripts=False) as page:
            page.open(self.shop.page(self.shop.widget("MANY")))
            same(page.run("document.querySelector('placet-reviews').innerText.trim()"), "Customer reviews", "what is seen")
            page.open(page.run("document.querySelector('placet-reviews a').href"))
            same(page.run("document.querySelectorAll('.item').length"), 12, "reviews on the page")
            page.open(page.run("document.querySelector('.more a').href"))
            same(page.run("document.querySelectorAll('.item').length"), 2, "reviews on the second page")
            page.open(self.of("TENT"))
            same(page.run("document.images.length"), 3, "photos on the page")
            page.open(page.run("document.querySelector('figure a').href"))
            true(page.run("document.contentType").startswith("image/"), "a photo leads to its large file")

    def test_a_failing_server_leaves_what_the_shop_wrote_or_a_sentence(self):
        rows = (("/reviews", "drop"), ("/reviews", 500), ("/v1/words", 503), ("/v1/", 404))
        for part, how in rows:
            with self.page() as page:
                page.rule(part, how)
                page.open(self.shop.page(self.shop.widget("TENT"), self.shop.widget("TENT", inside="", lang="de")))
                page.wait("$('slot') && $('slot', 1)")
                true(page.run("host().querySelector('a').checkVisibility() && host().innerText == 'Customer reviews'"), "the shop's own words")
                same(page.run("$('slot', 1).innerText.trim()"), "Die Bewertungen können gerade nicht angezeigt werden.", "a sentence")
                self.clean(page)
        # Another language than the site's: as long as words can be had, in it; else in the site's first.
        for part, how, told in (("/reviews", 500, "Відгуки зараз недоступні."), ("/v1/", 503, "Reviews cannot be shown right now.")):
            with self.page() as page:
                page.rule(part, how)
                page.open(self.shop.page(self.shop.widget("TENT", inside="", lang="uk")))
                page.wait("$('slot p').textContent == '%s'" % told)
                self.clean(page)
        with self.page() as page:
            page.rule("/widget.js", "drop")
            page.open(self.shop.page(self.shop.widget("TENT")))
            same(page.run("host().innerText"), "Customer reviews", "without the script")

    def test_a_slow_server_leaves_a_sentence_and_is_still_listened_to(self):
        # 8 s become 1.6, within which the words of the reader's language come on a busy machine too.
        with self.browser.page(before=HELP + "const later = setTimeout; self.setTimeout = (f, ms) => later(f, ms / 5);") as page:
            page.rule("/reviews", "hold")
            page.open(self.shop.page(self.shop.widget("TENT", inside="", lang="zh-TW")))
            page.wait("$('slot p').textContent == '目前無法顯示評價。'")
            page.release("/reviews")
            page.wait("$$('.item').length == 3")
            self.clean(page)

    def test_what_fails_later_is_said_and_can_be_tried_again(self):
        with self.page() as page:
            self.open(page, self.shop.widget("MANY"))
            page.rule("cursor=", "drop")
            page.run("$('.more').click()")
            page.wait("$('[role=status]').textContent == 'Reviews cannot be shown right now.' && $('[role=status]').getBoundingClientRect().height > 10")
            same(page.run("$$('.item').length"), 12, "what was there is there")
            page.release("cursor=")
            page.run("$('.more').click()")
            page.wait("$$('.item').length == 14")
            true(page.run("$('[role=status]').getBoundingClientRect().height <= 1"), "the sentence is gone")

    # --- reporting

    def test_a_report_needs_no_javascript_and_is_answered_in_the_readers_language(self):
        with self.page(scripts=False) as page:
            page.open(self.of("TENT", lang="de"))
            same(page.run("document.querySelector('.top .report').textContent"), "Melden", "the link")
            same(page.run("document.querySelectorAll('figure .report').length"), 3, "one for each photo")
            before = len(self.site.spool())
            page.open(page.run("document.querySelector('figure .report').href"))
            same(page.run("document.querySelector('h1').textContent"), "Etwas melden", "heading")
            same(page.run("document.querySelectorAll('[type=radio]').length"), 9, "reasons")
            page.run("document.querySelector('[value=my_photo]').checked = true; document.querySelector('textarea').value = 'eins\\nzwei <b>'")
            loaded = page.loaded
            page.run("document.querySelector('button').click()")
            page.browser.listen(lambda: page.loaded > loaded, "answer to the form")
            told = page.run("document.querySelector('[role=status]').textContent")
            true(re.fullmatch(r"Danke\. Ein Mensch sieht es sich an\. Ihre Vorgangsnummer: [0-9A-Z]{26}", told), told)
            same(len(self.site.spool()), before + 1, "reports in the spool")
            with open(next(p for p in self.site.spool() if told[-26:] in p), encoding="utf-8") as file:
                true('"text":"eins\\nzwei <b>"' in file.read(), "what was written")

    def test_the_widgets_report_opens_beside_the_shops_page(self):
        with self.page() as page:
            self.open(page, self.shop.widget("TENT", lang="fr"))
            links = page.run("$$('.items .flag').map(a => [a.textContent, a.target, a.rel, a.href])")
            items = self.site.answer("/v1/products/TENT/reviews?territory=DE")["items"]
            same(links, [["Signaler", "_blank", "noopener noreferrer nofollow", "%s/v1/report?item=%s&lang=fr" % (self.site.placet, one["id"])] for one in items], "links")
            page.run("$('.strip button').click()")
            same(page.run("$('dialog .flag').href"), "%s/v1/report?item=%s&lang=fr" % (self.site.placet, [i for i in items if i["photos"]][0]["photos"][0]["id"]),
                 "the photo's own, in the lightbox")
            page.open(page.run("$('dialog .flag').href"))
            same(page.run("document.querySelector('h1').textContent"), "Signaler un contenu", "the form")

    def test_a_contributors_own_page_tells_where_and_until_when(self):
        with self.page(scripts=False) as page:
            page.open(self.site.link("tent-wide") + "?lang=de")
            told = page.run("document.querySelector('.item').innerText")
            for wanted in ("TENT", "Produktseiten", "bis "):
                true(wanted in told, "%r is told: %s" % (wanted, told))
            true(re.search(r"alle Länder|Deutschland", told), told)
            self.shot(page, "own-page", True)

    def test_who_comes_without_a_language_is_spoken_to_in_that_of_the_browser(self):
        item = self.site.answer("/v1/products/TENT/reviews?territory=DE")["items"][0]["id"]
        for accept, lang, own, report in (("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant", "您的照片和評價", "檢舉內容"),
                                          ("pt-BR,pt;q=0.9", "pt", "Suas fotos e avaliações", "Denunciar conteúdo"),
                                          ("pt-PT", "pt-PT", "As suas fotos e avaliações", "Denunciar um conteúdo"),
                                          ("es-419,es;q=0.9", "es-419", "Sus fotos y opiniones", "Denunciar un contenido")):
            with self.page(390, 800, scripts=False) as page:
                page.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": accept})
                for name, address, heading in (("own", self.site.link("tent-wide"), own), ("report", "%s/v1/report?item=%s" % (self.site.placet, item), report)):
                    page.open(address)
                    same(page.run("document.querySelector('h1').textContent"), heading, "%s, %s" % (name, accept))
                    true(page.run("document.documentElement.lang").startswith(lang.split("-4")[0]), "its language")
                    true(page.run("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs out")
                    self.shot(page, "%s-%s" % (name, lang), True)
                page.call("Network.setExtraHTTPHeaders", headers={})

    # --- the shop of tools/demo

    def test_the_shop_of_the_demo_is_in_four_languages_and_its_policy_stops_nothing(self):
        server = subprocess.Popen([sys.executable, os.path.join(TOP, "tools/shop/serve.py"), "--placet", self.site.placet], stdout=subprocess.PIPE, text=True)
        try:
            address = server.stdout.readline().split()[-1]
            for lang, direction, heading in (("de", "ltr", "Kundenbewertungen"), ("fr", "ltr", "Avis des clients"), ("ar", "rtl", "آراء العملاء"), ("ja", "ltr", "お客様の声")):
                with self.page(width=360 if lang == "ar" else 1280) as page:
                    page.open("%s/%s/tent" % (address, lang))
                    page.wait("$('.none')")
                    same(page.run("document.dir + ' ' + $('h2').textContent"), direction + " " + heading, "direction and heading")
                    page.click("document.querySelector('.buy')")
                    true(page.run("document.querySelector('.cart').textContent.endsWith('(1)')"), "the cart counts")
                    true(page.run("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs out")
                    self.clean(page)
        finally:
            server.terminate()
            server.wait()

    # --- looked at by people

    def test_pictures_of_it_are_taken(self):
        for name, width, how, window, widget in (("widget-360", 360, {}, {}, {}), ("widget-1280", 1280, {}, {}, {}),
                                                 ("widget-dark", 1000, {"of": "dark"}, {"dark": True}, {}), ("widget-cards", 1000, {}, {}, {"layout": "cards"}),
                                                 ("widget-uk", 1000, {"lang": "uk"}, {}, {"lang": "uk"}), ("widget-th", 360, {"lang": "th"}, {}, {"lang": "th"}),
                                                 ("widget-ro", 1000, {"lang": "ro"}, {}, {"lang": "ro"}),
                                                 ("widget-rtl", 1000, {"lang": "ar", "dir_": "rtl"}, {}, {"lang": "ar", "product": "CUP"})):
            with self.page(width, 800, 2, **window) as page:
                self.open(page, self.shop.widget(**{"product": "TENT", **widget}), **how)
                page.run("$$('img').forEach(i => i.loading = 'eager')")
                page.wait("$$('img').every(i => i.complete && i.naturalWidth)")
                self.shot(page, name, True)
                page.run("$('.strip button').click()")
                page.wait("$('dialog img').complete && $('dialog img').naturalWidth")
                self.shot(page, name.replace("widget", "lightbox"))


def chosen():
    words = sys.argv[1:]
    names = [name for name in vars(Tests) if name.startswith("test_") and (os.environ.get("PLACET_SCREENSHOTS") or "pictures_of_it" not in name)]
    return [name for name in names if not words or any(word in name for word in words)]


def main():
    names = chosen()
    print("1..%d" % len(names))
    if not chromium.program():
        for number, name in enumerate(names, 1):
            print("ok %d - %s # SKIP there is no chromium" % (number, name[5:].replace("_", " ")))
        return 0
    failed, site, shop, browser, started = 0, None, None, None, time.monotonic()
    try:
        site = Site()
        shop = Shop(site.placet)
        browser = Browser()
        tests = Tests(site, shop, browser)
        print("# %.1f s for site and browser" % (time.monotonic() - started))
        for number, name in enumerate(names, 1):
            begun, sentence = time.monotonic(), name[5:].replace("_", " ")
            try:
                getattr(tests, name)()
                print("ok %d - %s" % (number, sentence))
            except Skip as skip:
                print("ok %d - %s # SKIP %s" % (number, sentence, skip))
            except Exception as fault:  # noqa: BLE001 (whatever it was, the test failed)
                failed += 1
                print("not ok %d - %s" % (number, sentence))
                told = str(fault) if isinstance(fault, (Wrong, Fault)) else traceback.format_exc()
                print("\n".join("# " + line for line in told.splitlines()))
            print("# %.1f s" % (time.monotonic() - begun), flush=True)
    finally:
        for one in (browser, shop, site):
            if one:
                one.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
