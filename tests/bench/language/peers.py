#!/usr/bin/env python3
"""How do other detectors name the same lines? A line in, a code out: peers.py cld2 | exttextcat | eld; `peers.py NAME --there` says if it is installed.

cld2: the Python package pycld2 (the library of Debian's libcld2-0). exttextcat: Debian's libexttextcat-2.0-0 and -data. eld: the Node
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


def cld2():
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
        detect = {"cld2": cld2, "exttextcat": exttextcat, "eld": python_eld}[name]()
    except (ImportError, OSError, StopIteration):
        sys.exit(3)
    for line in () if there else lines():
        sys.stdout.write(detect(line) + "\n")


if __name__ == "__main__":
    main()
