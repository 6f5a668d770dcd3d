#!/usr/bin/env python3
"""Does `placet detect` answer line by line, in order, at once, with files and options, and in the same memory whatever comes in?

The stream of 1 GB runs with PLACET_TEST_ALL=1 only.
"""
import json
import os
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/support"))
import tap  # noqa: E402

PLACET = os.path.join(os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin")), "placet")
MIB = 1 << 20
# The model is mapped (8 MB); besides it there is one line of 32 KiB and what ICU and GLib need.
MEMORY_MIB = 16
LINES = ["Die Lampe ist wirklich sehr schön", "I like this lamp very much", "10/10", "", "Cette lampe est vraiment très belle",
         "Очень хорошая лампа, спасибо продавцу", "とても明るくて使いやすいです"]
TAGS = ["de", "en", "und", "und", "fr", "ru", "ja"]


def detect(text, *options):
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run([PLACET, "detect", *options], input=data, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def start(*options):
    return subprocess.Popen([PLACET, "detect", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def private_mib(pid):
    """What the process holds beyond what it maps of files: those pages are the kernel's to drop, and shared."""
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        kib = {line.split()[0]: line.split()[1] for line in f if line.startswith(("RssAnon",))}
    return int(kib["RssAnon:"]) / 1024


def test_order_is_kept():
    assert detect("\n".join(LINES) + "\n") == (0, "\n".join(TAGS) + "\n", "")
    assert detect("\n".join(LINES))[1] == "\n".join(TAGS) + "\n", "the last line needs no end"
    assert detect("")[:2] == (0, "")


def test_an_answer_comes_before_the_next_line():
    process = start()
    for line, tag in zip(LINES, TAGS):
        process.stdin.write(line.encode() + b"\n")
        process.stdin.flush()
        assert process.stdout.readline().decode() == tag + "\n"
    process.stdin.close()
    assert process.wait() == 0


def test_files_come_one_after_the_other():
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, str(i)) for i in range(2)]
        for path, line in zip(paths, (LINES[0], LINES[4])):
            with open(path, "w", encoding="utf-8") as f:
                f.write(line)
        assert detect(LINES[1], paths[1], "-", paths[0])[1] == "fr\nen\nde\n"
        code, _, told = detect("", os.path.join(folder, "none"))
        assert code == 1 and os.path.join(folder, "none") in told
        code, _, told = detect("", folder)
        assert code == 1 and folder in told, "a folder has no lines, and is named"


def test_json_has_everything():
    line = LINES[0] + ". " + LINES[1] + "."
    answer = json.loads(detect(line, "--json")[1])
    assert set(answer) == {"lang", "confidence", "script", "top", "others", "sentences", "charset"}
    assert answer["charset"] == "UTF-8"
    assert answer["lang"] == "de" and answer["others"][0][0] == "en" and len(answer["top"]) <= 3
    assert [s["lang"] for s in answer["sentences"]] == ["de", "en"]
    assert answer["sentences"][0]["start"] == 0 and answer["sentences"][1]["end"] == len(line.encode())


def test_a_line_is_read_in_its_charset():
    lines = [("de", "windows-1252", "Schöne Lampe für die Küche, größer als gedacht und sehr hell."),
             ("ru", "windows-1251", "Отличная лампа, светит мягко, ребёнок теперь засыпает без слёз."),
             ("ru", "KOI8-R", "Очень хорошая лампа, спасибо продавцу за быструю доставку"),
             ("cs", "windows-1250", "Krásná lampička, svítí příjemně a děti ji mají moc rády."),
             ("ja", "windows-31j", "とても明るくて使いやすいです。子供も喜んでいます。"),
             ("zh-Hans", "GB18030", "这个灯质量很好，物流也很快，我们都很满意"),
             ("el", "windows-1253", "Πολύ ωραίο φωτιστικό, ήρθε γρήγορα και τα παιδιά το λατρεύουν")]
    python = {"windows-31j": "cp932"}
    mixed = "".join(tag + "\n" for tag, _, _ in lines for _ in range(2))
    data = b"".join(text.encode(python.get(charset, charset)) + b"\n" + text.encode() + b"\n" for _, charset, text in lines)
    assert detect(data) == (0, mixed, "")
    answers = [json.loads(line) for line in detect(data, "--json")[1].splitlines()]
    assert [a["charset"] for a in answers] == [c for _, charset, _ in lines for c in (charset, "UTF-8")]
    assert all("error" not in a for a in answers)
    assert answers[0]["sentences"][0]["end"] == answers[1]["sentences"][0]["end"], "bytes of the line in UTF-8"


def test_a_long_line_of_another_charset_may_be_cut_in_a_character():
    for shift in range(4):
        data = b"x" * shift + "这个灯质量很好, 物流也很快, 我们都很满意. ".encode("gb18030") * 2000 + b"\n"
        answer = json.loads(detect(data, "--json")[1])
        assert (answer["lang"], answer["charset"]) == ("zh-Hans", "GB18030"), (shift, answer)


def test_utf8_with_a_bad_byte_is_still_named():
    cut = (LINES[5] + " 👍").encode()[:-1]
    assert detect(cut + b"\n" + LINES[1].encode())[1] == "ru\nen\n"
    answer = json.loads(detect(cut, "--json")[1])
    assert (answer["lang"], answer["charset"], answer["error"]) == ("ru", "UTF-8", "bad_text")


def test_bytes_that_are_no_text_are_und():
    noise = bytes((i * 73 + 41) % 256 for i in range(2000)).replace(b"\n", b"\0")
    answer = json.loads(detect(noise + b"\n", "--json")[1])
    assert (answer["lang"], answer["error"]) == ("und", "bad_text") and "charset" not in answer
    assert detect(noise + b"\n" + LINES[1].encode())[1] == "und\nen\n", "the next line is answered"


def test_options():
    assert detect(LINES[4], "--languages", "de,en")[1] in ("de\n", "en\n", "und\n")
    assert detect(LINES[5], "--languages", "de,en")[1] == "und\n"
    assert detect("Prethodnog vikenda je bilo veoma lepo vreme", "--languages", "sr,de")[1] == "sr-Latn\n"
    assert detect("Adidas", "--threshold", "0.99")[1] == "und\n"
    assert detect(LINES[0], "--threshold", "0.9")[1] == "de\n"
    assert detect(LINES[0], "--prior", "en")[1] == "de\n", "a prior does not overrule"
    undecided = json.loads(detect("Adidas", "--json")[1])["top"]
    assert detect("Adidas", "--prior", undecided[1][0])[1] == undecided[1][0] + "\n", "a prior tips"
    assert detect(LINES[5], "--prior", "de")[1] == "ru\n" and detect(LINES[2], "--prior", "de")[1] == "und\n"
    for bad in (("--languages", "de,xx"), ("--languages", ""), ("--threshold", "2"), ("--threshold", "x"), ("--prior", "xx")):
        code, out, told = detect(LINES[0], *bad)
        assert code == 2 and out == "" and len(told.strip().split("\n")) == 1 and bad[0] in told, told


def test_help_teaches():
    done = subprocess.run([PLACET, "detect", "--help"], capture_output=True, check=True)
    told = done.stdout.decode()
    for word in ("--json", "--prior", "--languages", "--threshold", "und", "UTF-8", "32 KiB", "Example:"):
        assert word in told, word


def test_a_line_of_100_mb():
    process = start()
    piece = ("Die Lampe ist wirklich sehr schön. " * 30000).encode()
    for _ in range(100 * MIB // len(piece) + 1):
        process.stdin.write(piece)
    process.stdin.write(b"\nI like this lamp\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"de\n" and process.stdout.readline() == b"en\n"
    used = private_mib(process.pid)
    process.stdin.close()
    assert process.wait() == 0
    assert used <= MEMORY_MIB, used


def test_a_stream_of_1_gb():
    if os.environ.get("PLACET_TEST_ALL") != "1":
        return "the stream of 1 GB runs with PLACET_TEST_ALL=1"
    process = start()
    line = ("Die Lampe ist wirklich sehr schön. " * 30000).encode() + b"\n" + ("\n".join(LINES) + "\n").encode()
    first = None
    for i in range((1000 * MIB) // len(line) + 1):
        process.stdin.write(line)
        process.stdin.flush()
        assert process.stdout.readline() == b"de\n"
        assert [process.stdout.readline().decode().strip() for _ in LINES] == TAGS
        if i == 2:
            first = private_mib(process.pid)
    used = private_mib(process.pid)
    process.stdin.close()
    assert process.wait() == 0
    assert used <= MEMORY_MIB and used - first < 1, (first, used)
    return None


if __name__ == "__main__":
    sys.exit(tap.run(globals()))
