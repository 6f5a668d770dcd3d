#!/usr/bin/env python3
"""How do other detectors name the same lines? A line in, a code out: peers.py cld2 | cld2-full | exttextcat | eld; `peers.py NAME --there` says if it
is installed.

cld2: Debian's libcld2-0, 83 languages; cld2-full: the Python package pycld2, the same with the tables of 175; both by best effort, for
without it CLD2 refuses short text. exttextcat: Debian's libexttextcat-2.0-0 and -data. eld: the Node
package eld 2, model L, from where node finds it (NODE_PATH), else the Python package eld.
"""
import ctypes
import ctypes.util
import glob
import os
import shutil
import subprocess
import sys

NODE = """
const readline = require('readline');
(async () => {
  const eld = (await import(process.argv[1])).default;
  if (process.argv[2] === '--there') return;
  for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity }))
    process.stdout.write((eld.detect(line).language || 'und') + '\\n');
})().catch(() => process.exit(3));
"""


def lines():
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\n").decode("utf-8", "replace")


class Hints(ctypes.Structure):
    _fields_ = [("content_language", ctypes.c_char_p), ("tld", ctypes.c_char_p), ("encoding", ctypes.c_int), ("language", ctypes.c_int)]


def cld2():
    library = ctypes.CDLL("libcld2.so.0")
    call = library["_ZN4CLD224ExtDetectLanguageSummaryEPKcibPKNS_8CLDHintsEiPNS_8LanguageEPiPdPSt6vectorINS_11ResultChunkESaISA_EES7_Pb"]
    code = library["_ZN4CLD212LanguageCodeENS_8LanguageE"]
    code.restype = ctypes.c_char_p
    call.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_bool, ctypes.POINTER(Hints), ctypes.c_int, ctypes.c_int * 3, ctypes.c_int * 3,
                     ctypes.c_double * 3, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_bool)]
    hints = Hints(None, None, 23, 26)  # UNKNOWN_ENCODING, UNKNOWN_LANGUAGE
    languages, percents, scores = (ctypes.c_int * 3)(), (ctypes.c_int * 3)(), (ctypes.c_double * 3)()
    size, reliable = ctypes.c_int(), ctypes.c_bool()

    def detect(line):
        text = line.replace("\0", " ").encode()
        call(text, len(text), True, ctypes.byref(hints), 0x4000, languages, percents, scores, None, ctypes.byref(size),
             ctypes.byref(reliable))  # kCLDFlagBestEffort
        answer = code(languages[0]).decode()
        return "und" if answer == "un" else answer

    return detect


def cld2_full():
    import pycld2

    def detect(line):
        try:
            code = pycld2.detect(line.replace("\0", " "), isPlainText=True, bestEffort=True)[2][0][1]
        except pycld2.error:
            return "und"
        return "und" if code == "un" else code

    return detect


def exttextcat():
    library = ctypes.CDLL(ctypes.util.find_library("exttextcat-2.0") or "libexttextcat-2.0.so.0")
    folder = next(iter(glob.glob("/usr/share/libexttextcat/")))
    library.special_textcat_Init.restype = library.textcat_Classify.restype = ctypes.c_void_p
    library.special_textcat_Init.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    library.textcat_Classify.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    handle = library.special_textcat_Init((folder + "fpdb.conf").encode(), folder.encode())
    if not handle:
        raise OSError("no fingerprints")

    def detect(line):
        text = line.encode()
        answer = ctypes.string_at(library.textcat_Classify(handle, text, len(text))).decode("ascii", "replace")
        if not answer.startswith("["):  # SHORT, UNKNOWN
            return "und"
        code = answer[1:].split("]")[0].split("--")[0]
        return {"sr-Latn": "sr", "zh-CN": "zh-Hans", "zh-TW": "zh-Hant"}.get(code, code)

    return detect


def node_eld():
    node = shutil.which("node")
    for folder in os.environ.get("NODE_PATH", "").split(":") + ["/usr/share/nodejs", "/usr/lib/node_modules"]:
        path = os.path.join(folder, "eld", "src", "entries", "static.large.js")
        if node and os.path.exists(path):
            return [node, "-e", NODE, path]
    return None


def python_eld():
    from eld import LanguageDetector

    detector = LanguageDetector()
    return lambda line: detector.detect(line).language or "und"


def main():
    name, there = sys.argv[1], "--there" in sys.argv
    if name == "eld" and node_eld():
        sys.exit(subprocess.run(node_eld() + sys.argv[2:], check=False).returncode)
    try:
        detect = {"cld2": cld2, "cld2-full": cld2_full, "exttextcat": exttextcat, "eld": python_eld}[name]()
    except (ImportError, OSError, AttributeError, StopIteration):
        sys.exit(3)
    for line in () if there else lines():
        sys.stdout.write(detect(line) + "\n")


if __name__ == "__main__":
    main()
