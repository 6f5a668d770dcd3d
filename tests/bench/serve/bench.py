#!/usr/bin/env python3
"""How fast is placet-serve, beside nginx that serves the very same bytes as static files?

    flock /tmp/bench.lock tests/bench/serve/bench.py PUBLIC [--seconds S] [--rounds N] [--answers DIR] [WORD…]

PUBLIC: a public/ folder with an index (tests/bench/serve/make_index writes one of any size). One load generator (wrk, one thread, 32
connections kept open) on one processor, the server on another; what counts are requests per CPU second of the server, told by the kernel
(/proc/PID/schedstat, user and system), and the ratio within one round; the median of the rounds is printed. Needs wrk and nginx. WORD: only
the rows whose name contains it; latency: requests at a fixed rate (bench_pace, built beside the programs). DIR: nginx's files of all
answers are kept there for the next time; `start` alone only makes them.
"""
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build", "release", "bin"))
CPUS = sorted(os.sched_getaffinity(0))
SERVER_CPU, CLIENT_CPU = CPUS[0], CPUS[-1]
UNIFORM_MAX = 100_000  # products asked at random
# What one process may open at most: nginx keeps so many files open and opens others each time.
NOFILE = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
CACHED = min(UNIFORM_MAX, NOFILE - 4500)
GZIP = {"Accept-Encoding": "gzip"}

NGINX = """
daemon off; worker_processes 1; pid {dir}/nginx.pid; error_log {dir}/error.log crit; worker_rlimit_nofile {nofile};
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000000; etag on;
  open_file_cache max={cached} inactive=1h; open_file_cache_valid 1h; open_file_cache_min_uses 1;
  types {{ application/json json; image/webp webp; }}
  add_header Cache-Control "public, max-age=60, must-revalidate"; add_header X-Content-Type-Options nosniff;
  add_header Access-Control-Allow-Origin "*";
  server {{ listen 127.0.0.1:{port}; root {dir}/files; location /z/ {{ gzip_static on; gzip_vary on; }} }}
}}
"""
# wrk's script: the paths of a file, taken at random or one after another, with headers.
SCRIPT = """
local paths, next = {}, 0
function init()
  for line in io.lines("%s") do paths[#paths + 1] = wrk.format("GET", line, {Host = "bench", %s}) end
  math.randomseed(7)
end
local function at_random() return paths[math.random(#paths)] end
local function in_turn() next = next %% #paths + 1; return paths[next] end
request = %s
"""


def cpu(pid):
    with open(f"/proc/{pid}/schedstat", encoding="utf-8") as stat:
        return int(stat.read().split()[0]) / 1e9  # of its one thread


def memory(pid):
    """(anonymous, all resident) in MiB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as lines:
        told = dict(re.findall(r"^(RssAnon|VmRSS):\s+(\d+)", lines.read(), re.M))
    return int(told["RssAnon"]) / 1024, int(told["VmRSS"]) / 1024


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as text:
        return [int(word) for word in text.read().split()]


class Server:
    """A program on SERVER_CPU; `pid` is the process that answers."""

    def __init__(self, command, port=None):
        started = time.monotonic()
        self.process = subprocess.Popen(["taskset", "-c", str(SERVER_CPU), *command], stdout=subprocess.PIPE, text=True)
        if port is None:
            line = self.process.stdout.readline()
            self.started_ms = (time.monotonic() - started) * 1000
            port = int(re.search(r":(\d+)\s*$", line).group(1))
        self.port = port
        self.pid = self.process.pid
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)

    def worker(self):
        for child in children(self.pid):
            self.pid = child
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def get(port, path, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def write_script(folder, paths, headers, order):
    with open(os.path.join(folder, "paths"), "w", encoding="ascii") as out:
        out.write("\n".join(paths) + "\n")
    script = os.path.join(folder, "wrk.lua")
    with open(script, "w", encoding="ascii") as out:
        out.write(SCRIPT % (os.path.join(folder, "paths"), ", ".join(f'["{k}"] = {json.dumps(v)}' for k, v in headers.items()),
                            order))
    return script


def load(server, folder, paths, headers, seconds, order="at_random"):
    """(requests per CPU second of the server, requests per second, faults)"""
    address = f"http://127.0.0.1:{server.port}"
    if len(paths) == 1:  # without a script it asks faster, so that the server sleeps less between two requests
        asking = [word for k, v in headers.items() for word in ("-H", f"{k}: {v}")] + [address + paths[0]]
    else:
        asking = ["-s", write_script(folder, paths, headers, order), address]
    before = cpu(server.pid)
    out = subprocess.run(
        ["taskset", "-c", str(CLIENT_CPU), "wrk", "-t1", "-c32", f"-d{seconds}s", *asking],
        capture_output=True, text=True, check=True).stdout
    used = cpu(server.pid) - before
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", out)
    return requests / max(used, 1e-9), rate, bad.group(0) if bad else ""


OFFICE = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
db.execute("SELECT version FROM meta").fetchall()
print("open", flush=True)
time.sleep(86400)
"""


def office(public):
    """A writer that holds the index open, as the office does; killed in the end, so that it does not take the log away."""
    process = subprocess.Popen([sys.executable, "-c", OFFICE, os.path.join(public, "index.db")], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    return process


def warm(server, folder, paths, headers):
    """Every path has been asked for: pages are in memory, files are open, and answers that are kept are kept."""
    asked, seconds = 0, 1
    while asked < len(paths):
        rate = load(server, folder, paths[asked:] + paths[:asked], headers, seconds, "in_turn")[1]
        asked += int(rate * seconds)
        seconds = min(8, 1 + int((len(paths) - asked) / max(rate, 1)))


def write_answers(port, paths, folder, packed=False):
    """The very bytes of every answer as a file, below u/ or packed below z/: their paths. Those that are there from before are taken."""
    kind, end, headers = ("z", ".gz", GZIP) if packed else ("u", "", {})
    done = os.path.join(folder, kind, "paths")
    if os.path.exists(done):
        with open(done, encoding="ascii") as lines:
            return lines.read().split()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    written = []
    for i, path in enumerate(paths):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        shard = os.path.join(folder, kind, str(i % 256))
        if i < 256:
            os.makedirs(shard, exist_ok=True)
        # The short ones are not compressed: nginx finds them as they are.
        with open(os.path.join(shard, f"{i}.json" + (end if answer.getheader("Content-Encoding") else "")), "wb") as out:
            out.write(body)
        written.append(f"/{kind}/{i % 256}/{i}.json")
    connection.close()
    with open(done, "w", encoding="ascii") as out:
        out.write("\n".join(written) + "\n")
    return written


def products_of(public, n):
    db = sqlite3.connect(f"file:{public}/index.db?mode=ro", uri=True)
    rows = [row[0] for row in db.execute("SELECT product FROM summary LIMIT ?", (n,))]
    # Lists of twelve: of products that have more.
    count = "SELECT COUNT(DISTINCT item) FROM segment WHERE product = ? AND channel = 'pdp' AND kind = 0"
    full = [p for p in rows[:400] if db.execute(count, (p,)).fetchone()[0] > 12][:40] or rows[:1]
    media = db.execute("SELECT media_key, name, bytes, asset FROM rendition ORDER BY ABS(bytes - 60000) LIMIT 1").fetchone()
    many = [f"/m/{k}/{n}" for k, n in db.execute("SELECT media_key, name FROM rendition ORDER BY ABS(bytes - 60000) LIMIT 2000")]
    reviews = db.execute("SELECT COUNT(*) FROM item WHERE kind = 0").fetchone()[0]
    db.close()
    return rows, full, media, many, reviews


def latency(server, folder, paths, rate, seconds):
    """p50, p99, p99.9 and the longest in ms of requests that come at a fixed rate (pace.c), counted from when they were due."""
    with open(os.path.join(folder, "paced"), "w", encoding="ascii") as out:
        out.write("\n".join(paths) + "\n")
    out = subprocess.run(["taskset", "-c", str(CLIENT_CPU), os.path.join(BIN, "bench_pace"), str(server.port), str(rate), str(seconds),
                          os.path.join(folder, "paced")], capture_output=True, text=True, check=True).stdout
    return [float(word) for word in out.split()[:4]]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def main():
    words, seconds, rounds, answers = [], 4, 3, None
    args = sys.argv[1:]
    while args:
        word = args.pop(0)
        if word == "--seconds":
            seconds = int(args.pop(0))
        elif word == "--rounds":
            rounds = int(args.pop(0))
        elif word == "--answers":
            answers = os.path.abspath(args.pop(0))
        else:
            words.append(word)
    if not words:
        sys.exit(__doc__)
    public = os.path.abspath(words.pop(0))
    os.makedirs(os.path.join(public, "assets"), exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="placet-bench-") as folder:
        os.chmod(folder, 0o755)
        site = os.path.join(folder, "site")
        os.mkdir(site)
        os.symlink(public, os.path.join(site, "public"))
        with open(os.path.join(site, "placet.conf"), "w", encoding="utf-8") as conf:
            conf.write("[site]\nlanguages = en de\n[serve]\nuser = nobody\n")
        # The folder itself, not a link to it, is what placet-serve opens.
        os.unlink(os.path.join(site, "public"))
        os.mkdir(os.path.join(site, "public"))
        subprocess.run(["mount", "--bind", public, os.path.join(site, "public")], check=True)
        try:
            bench(public, site, folder, words, seconds, rounds, answers)
        finally:
            subprocess.run(["umount", os.path.join(site, "public")], check=True)


def bench(public, site, folder, words, seconds, rounds, answers):
    names, full, media, many, reviews = products_of(public, UNIFORM_MAX)
    sys.stdout.reconfigure(line_buffering=True)
    writer = office(public)
    placet = Server([os.path.join(BIN, "placet-serve"), site, "--listen", "127.0.0.1:0"])
    print(f"{len(names):,} products, {reviews:,} reviews; start {placet.started_ms:.0f} ms; memory at start {memory(placet.pid)[0]:.1f} MiB anonymous")
    files = os.path.join(folder, "files")
    os.makedirs(files)
    os.chmod(files, 0o755)
    hot = min((f"/v1/products/{name}/reviews?territory=DE&lang=de" for name in full), key=lambda path: abs(len(get(placet.port, path)[1]) - 12_000))
    answer, body = get(placet.port, hot)
    etag_json = answer.getheader("ETag")
    image_path = f"/m/{media[0]}/{media[1]}" if media else None
    lists = [f"/v1/products/{name}/reviews?territory=DE&lang=de" for name in names]
    with open(os.path.join(files, "hot.json"), "wb") as out:
        out.write(body)
    print(f"hot answer: {len(body):,} bytes, {body.count(b'kind')} kinds")
    wants_all = not words or any(word in "reviews uniform latency" for word in words)
    wants_packed = not words or any(word in "reviews uniform gzip" for word in words)
    if answers is not None:
        for kind in "uz":
            os.makedirs(os.path.join(answers, kind), exist_ok=True)
            os.symlink(os.path.join(answers, kind), os.path.join(files, kind))
        os.chmod(answers, 0o755)
        wants_all = wants_packed = True
    uniform = write_answers(placet.port, lists, files) if wants_all else []
    packed = write_answers(placet.port, lists, files, True) if wants_packed else []
    if uniform:
        sizes = [os.path.getsize(files + path) for path in uniform]
        print(f"uniform: {len(uniform):,} answers of {sum(sizes) / len(sizes):,.0f} bytes, {sum(sizes) / 1e6:,.0f} MB")
    subprocess.run(["chmod", "-R", "a+rX", files], check=True)
    if media:
        shutil.copyfile(os.path.join(public, "assets", media[3][:2], media[3][2:]), os.path.join(files, "image.webp"))
        os.chmod(os.path.join(files, "image.webp"), 0o644)
    port = free_port()
    with open(os.path.join(folder, "nginx.conf"), "w", encoding="utf-8") as conf:
        conf.write(NGINX.format(dir=folder, port=port, nofile=NOFILE, cached=CACHED))
    nginx = Server(["nginx", "-c", os.path.join(folder, "nginx.conf")], port).worker()
    rows = [("reviews hot", [hot], {}, ["/hot.json"], {}, 0.8),
            ("reviews uniform", lists, {}, uniform, {}, 0.5),
            (f"reviews uniform, {CACHED:,}", lists[:CACHED], {}, uniform[:CACHED], {}, 0.5),
            ("reviews uniform gzip", lists, GZIP, packed, GZIP, 0.0),
            ("reviews 304", [hot], {"If-None-Match": etag_json}, ["/hot.json"],
             {"If-None-Match": get(nginx.port, "/hot.json")[0].getheader("ETag")}, 1.0)]
    if media:
        image_etag = get(placet.port, image_path)[0].getheader("ETag")
        rows += [("rendition hot", [image_path], {}, ["/image.webp"], {}, 0.65),
                 ("renditions of 2,000", many, {}, ["/image.webp"], {}, 0.0),
                 ("rendition 304", [image_path], {"If-None-Match": image_etag}, ["/image.webp"],
                  {"If-None-Match": get(nginx.port, "/image.webp")[0].getheader("ETag")}, 1.0)]
    try:
        for name, ours, our_headers, theirs, their_headers, wanted in rows:
            if (words and not any(word in name for word in words)) or (len(names) <= CACHED and name.startswith("reviews uniform,")):
                continue
            ratios, mine, other, bad = [], [], [], ""
            warm(placet, folder, ours, our_headers)
            warm(nginx, folder, theirs, their_headers)
            for _ in range(rounds):
                a, _, fault = load(placet, folder, ours, our_headers, seconds)
                b, _, their_fault = load(nginx, folder, theirs, their_headers, seconds)
                ratios.append(a / max(b, 1))
                mine.append(a)
                other.append(b)
                bad = bad or fault or their_fault
            print(f"{name:23} {statistics.median(mine):9,.0f} /cpu-s   nginx {statistics.median(other):9,.0f}   ratio {statistics.median(ratios):.2f}"
                  f" (wanted {wanted})  {bad}  {memory(placet.pid)[0]:.0f} MiB anonymous", flush=True)
        if not words or any(word in "latency" for word in words):
            for label, paths in (("hot", [hot]), ("uniform", lists)):
                for name, server, asked in (("placet-serve", placet, paths), ("nginx", nginx, ["/hot.json"] if label == "hot" else uniform)):
                    p50, p99, p999, longest = latency(server, folder, asked, 2000, seconds)
                    print(f"latency {label} at 2,000/s of {name:12} p50 {p50:.2f} ms  p99 {p99:.2f} ms  p99.9 {p999:.2f} ms  longest {longest:.2f} ms (wanted 2 at p99)")
        anonymous, resident = memory(placet.pid)
        print(f"memory of placet-serve: {anonymous:.1f} MiB anonymous, {resident:.1f} MiB with files (wanted 64 + page cache)")
    finally:
        nginx.stop()
        placet.stop()
        writer.kill()


if __name__ == "__main__":
    main()
