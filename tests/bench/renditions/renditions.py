#!/usr/bin/env python3
"""What do fourteen files of a photo cost in processor time and memory, beside other programs that make the same?

renditions.py [--sharp DIR] [--repeat 3] [--only phone,heic] [--lock FILE] [--json FILE]
    placet render (sandbox included), vipsthumbnail, libvips in one process, sharp per file, sharp from raw pixels, and the encoders alone;
    whole processes with all their children, one core, turn by turn for each photo; the least of all repeats counts
renditions.py --memory      the largest photos that are taken, of each kind: peak of the worker, or the refusal
renditions.py --workers     wall time of one worker and of two, on an otherwise idle machine
renditions.py --sandbox     the same plan in one process and through the sandbox

Programs: $PLACET_BIN (build/release/bin): placet, placet-worker, bench_libvips_each, bench_floor, bench_sandbox_cost. Photos:
$PLACET_CORPORA. sharp: `npm install sharp` in a folder of its own, named by --sharp. A program that is not there is a row SKIP.
"""
import argparse
import fcntl
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time

import inputs
import orders

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))
LINES = [" ".join(map(str, order)) for order in orders.ORDERS]
# (kind of photo, this, against that, at most)
TARGETS = (("phone", "placet", "sharp each", 0.55), ("phone", "placet", "sharp raw", 1.10), ("phone", "placet", "libvips each", 0.50),
           ("heic", "placet", "libvips each", 0.20), ("png", "placet", "libvips each", 0.30))
FAST_BYTES = 1.04


class Lock:
    """Held while one photo is measured: others who measure on this machine wait, or let us wait."""

    def __init__(self, path):
        self.file = open(path, "a") if path else None

    def __enter__(self):
        if self.file:
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        if self.file:
            fcntl.flock(self.file, fcntl.LOCK_UN)


def run(command, core=None, cwd=None, env=None):
    """CPU seconds of the process and all its children, peak MiB of the largest of them, status, what it said."""
    pin = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd, preexec_fn=pin,
                                 env={**os.environ, "VIPS_CONCURRENCY": "1", **(env or {})})
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        return {"cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024, "wall": time.monotonic() - began,
                "status": child.returncode, "out": out.read().decode(), "err": err.read().decode()}


def vipsthumbnail(photo, folder):
    for kind, quality, width, height in orders.ORDERS:
        target = os.path.join(folder, orders.name((kind, quality, width, height)))
        options = f"Q={quality},effort=4,strip" if kind == "webp" else f"Q={quality},optimize_coding,strip,background=255"
        crop = ["--smartcrop", "centre"] if height else []
        yield ["vipsthumbnail", photo, "-s", f"{width}x{height or ''}", *crop, "-i", "srgb", "-e", "srgb", "-o", f"{target}[{options}]"]


def rows(sharp):
    """Name → (program that must be there, photo, folder → commands)."""
    def placet(group):
        return lambda photo, folder: [[os.path.join(BIN, "placet"), "render", photo, "--out", folder, "--preset", group, "--jobs", "1"]]

    def node(how):
        return lambda photo, folder: [["node", os.path.join(HERE, "sharp_peer.js"), how, photo, folder, *LINES]]
    there = os.path.join(sharp, "node_modules", "sharp") if sharp else "(--sharp DIR)"
    return {
        "placet": (os.path.join(BIN, "placet"), placet("bench14")),
        "placet fast": (os.path.join(BIN, "placet"), placet("bench14-fast")),
        "floor": (os.path.join(BIN, "bench_floor"), lambda photo, folder: [[os.path.join(BIN, "bench_floor"), photo, *LINES]]),
        "sharp raw": (there, node("raw")),
        "sharp each": (there, node("each")),
        "libvips each": (os.path.join(BIN, "bench_libvips_each"),
                         lambda photo, folder: [[os.path.join(BIN, "bench_libvips_each"), photo, folder, *LINES]]),
        "vipsthumbnail": (shutil.which("vipsthumbnail") or "vipsthumbnail", lambda photo, folder: list(vipsthumbnail(photo, folder))),
    }


def measure(name, commands, photo, core, sharp):
    """One cell: CPU seconds, peak MiB, bytes made; or why not."""
    with tempfile.TemporaryDirectory() as folder:
        cell = {"cpu": 0.0, "mib": 0.0}
        for command in commands(photo, folder):
            got = run(command, core, env={"SHARP_DIR": sharp or ""})
            if got["status"] != 0:
                return {"failed": (got["err"].strip().splitlines() or ["?"])[-1][:100]}
            cell["cpu"] += got["cpu"]
            cell["mib"] = max(cell["mib"], got["mib"])
            if name == "floor":
                cell["cpu"], *cell["parts"] = map(float, got["out"].split())
        made = os.listdir(folder)
        if name != "floor" and len(made) != len(orders.ORDERS):
            return {"failed": f"{len(made)} files"}
        cell["bytes"] = sum(os.path.getsize(os.path.join(folder, f)) for f in made)
        return cell


def better(old, new):
    """The least CPU of all repeats, the highest peak."""
    if old is None or "failed" in old or "failed" in new:
        return new if old is None or "failed" in new else old
    best = dict(min(old, new, key=lambda cell: cell["cpu"]))
    best["mib"] = max(old["mib"], new["mib"])
    return best


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def ratios(result, kind, this, that, net=0.0):
    cells = [(r["cells"].get(this, {}), r["cells"].get(that, {})) for r in result["photos"] if r["kind"] == kind]
    return [a["cpu"] / (b["cpu"] - net) for a, b in cells if "cpu" in a and "cpu" in b]


def print_table(result):
    names = list(result["rows"])
    print("\nCPU seconds / peak MiB")
    print(f"{'photo':34}" + "".join(f"{n:>16}" for n in names))
    for photo in result["photos"]:
        line = f"{photo['kind']:8}{photo['name'][:25]:26}"
        for n in names:
            cell = photo["cells"].get(n)
            line += f"{'SKIP' if cell is None else 'cannot' if 'failed' in cell else '%.3f /%4.0f' % (cell['cpu'], cell['mib']):>16}"
        print(line)
    for n, why in result["skipped"].items():
        print(f"SKIP {n}: {why} is not there")
    for photo in result["photos"]:
        for n, cell in photo["cells"].items():
            if "failed" in cell:
                print(f"{n} cannot make {photo['name']}: {cell['failed']}")


def print_targets(result):
    over = 0
    if "node" in result:
        print(f"\nnode with sharp loaded and nothing done: {result['node']:.3f} s; ratios to sharp are told with it and without it, and judged without")
    print("\ngeometric mean of CPU, this / that")
    for kind, this, that, limit in TARGETS:
        net = result.get("node", 0.0) if that.startswith("sharp") else 0.0
        got = mean(ratios(result, kind, this, that, net))
        if math.isnan(got):
            print(f"  {kind:12}{this:12} / {that:14} SKIP (limit {limit:.2f})")
            continue
        with_start = f"  ({mean(ratios(result, kind, this, that)):.3f} with node's start)" if net else ""
        over += got > limit
        print(f"  {kind:12}{this:12} / {that:14}{got:6.3f}  limit {limit:.2f}  {'PASS' if got <= limit else 'over'}{with_start}")
    for kind in dict.fromkeys(p["kind"] for p in result["photos"]):
        for that in ("floor", "vipsthumbnail", "sharp raw", "sharp each", "libvips each"):
            net = result.get("node", 0.0) if that.startswith("sharp") else 0.0
            if (kind, "placet", that) not in [t[:3] for t in TARGETS] and ratios(result, kind, "placet", that):
                print(f"  {kind:12}{'placet':12} / {that:14}{mean(ratios(result, kind, 'placet', that, net)):6.3f}")
        print(f"  {kind:12}{'placet fast':12} / {'placet':14}{mean(ratios(result, kind, 'placet fast', 'placet')):6.3f}")
    pairs = [(p["cells"]["placet fast"]["bytes"], p["cells"]["placet"]["bytes"]) for p in result["photos"]
             if all("bytes" in p["cells"].get(n, {}) for n in ("placet", "placet fast"))]
    grown = mean([fast / slow for fast, slow in pairs])
    over += grown > FAST_BYTES
    print(f"  bytes, bench14-fast / bench14: {grown:.3f}  limit {FAST_BYTES:.2f}  {'PASS' if grown <= FAST_BYTES else 'over'}")
    return over


def compare(args, photos):
    known = rows(args.sharp)
    result = {"rows": list(known), "skipped": {n: p for n, (p, _) in known.items() if not os.path.exists(p)}, "photos": []}
    if "sharp raw" not in result["skipped"]:
        result["node"] = min(run(["node", os.path.join(HERE, "sharp_peer.js"), "nothing"], args.core, env={"SHARP_DIR": args.sharp})["cpu"]
                             for _ in range(5))
    for kind, path in photos:
        cells = {}
        for _ in range(args.repeat):
            with args.lock:
                for n, (_, commands) in known.items():
                    if n not in result["skipped"]:
                        cells[n] = better(cells.get(n), measure(n, commands, path, args.core, args.sharp))
        result["photos"].append({"kind": kind, "name": os.path.basename(path), "cells": cells})
        print(f"measured {os.path.basename(path)}", file=sys.stderr)
    print_table(result)
    over = print_targets(result)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as out:
            json.dump(result, out, indent=1)
    return over


def memory(args, folder):
    """The worker's peak, whatever becomes of the photo."""
    over = 0
    print(f"{'photo':40}{'limit':>8}{'peak MiB':>10}{'CPU s':>8}  result")
    for title, limit, path in inputs.large(folder):
        with tempfile.TemporaryDirectory() as out:
            got = run([os.path.join(BIN, "placet"), "render", path, "--out", out, "--preset", args.preset, "--jobs", "1", "--json"], args.core)
        try:
            answer = json.loads(got["out"])
        except ValueError:
            answer = {"error": {"code": "no answer", "message": got["err"][:100]}}
        error = answer.get("error")
        bad = got["mib"] > limit or (error is not None and error["code"] not in ("too_large", "unsupported"))
        over += bad
        told = f"{error['code']}: {error['message'][:70]}" if error else f"{sum(len(p['files']) for p in answer['placements'])} files"
        print(f"{title:40}{limit:8}{got['mib']:10.0f}{got['cpu']:8.2f}  {told}  {'over' if bad else 'PASS'}", flush=True)
    return over


def workers(args, photos):
    """Throughput: twelve photos by one worker, then by two; the best of all repeats."""
    best = {}
    paths = [p for kind, p in photos if kind == "phone"]
    with tempfile.TemporaryDirectory() as folder:
        twelve = []
        for i in range(12):
            twelve.append(os.path.join(folder, f"{i}.jpg"))
            os.symlink(paths[i % len(paths)], twelve[-1])
        with args.lock:
            for _ in range(args.repeat):
                for n in (1, 2):
                    with tempfile.TemporaryDirectory() as out:
                        got = run([os.path.join(BIN, "placet"), "render", *twelve, "--out", out, "--preset", "bench14", "--jobs", str(n)])
                    best[n] = min(best.get(n, 1e9), got["wall"])
    print(f"12 photos: 1 worker {best[1]:.2f} s, 2 workers {best[2]:.2f} s: {best[1] / best[2]:.2f} times  limit 1.90  "
          f"{'PASS' if best[1] >= 1.9 * best[2] else 'over'}")
    return best[1] < 1.9 * best[2]


def sandbox(args, photos):
    """The worker's processor time for a photo, twenty in each worker as the office has it, against the same in one process."""
    costs = []
    for path in [p for kind, p in photos if kind == "phone"]:
        with args.lock:
            got = run([os.path.join(BIN, "bench_sandbox_cost"), os.path.join(BIN, "placet-worker"), path, "10"], args.core)
        spent = {line.split(":")[0]: float(line.split(": ")[1].split()[0]) for line in got["out"].splitlines() if "CPU ms" in line}
        costs.append(spent["20 jobs a worker"] / spent["in process"])
        print(f"{os.path.basename(path):26}{spent['in process']:8.1f} ms in process, {spent['20 jobs a worker']:.1f} in the sandbox: {costs[-1]:.3f}")
    print(f"geometric mean {mean(costs):.3f}  limit 1.05  {'PASS' if mean(costs) <= 1.05 else 'over'}")
    return mean(costs) > 1.05


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sharp", default=os.environ.get("SHARP_DIR"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", default="phone,other,heic,png")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--lock", type=Lock, default=Lock(None))
    parser.add_argument("--json")
    parser.add_argument("--preset", default="bench14", help="of --memory")
    for what in ("memory", "workers", "sandbox"):
        parser.add_argument(f"--{what}", action="store_true")
    args = parser.parse_args()
    if not os.environ.get("PLACET_CORPORA"):
        print("SKIP: PLACET_CORPORA names no folder of photos")
        return 0
    with tempfile.TemporaryDirectory(prefix="placet-bench-") as folder:
        if args.memory:
            return memory(args, folder) > 0
        photos = [p for p in inputs.photos(folder) if p[0] in args.only.split(",")]
        return (workers if args.workers else sandbox if args.sandbox else compare)(args, photos) > 0


if __name__ == "__main__":
    sys.exit(main())
