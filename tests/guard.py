"""Does a run of tests leave anything behind? No: it works in a folder of its own, and whatever it started ends with it, however it ends."""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PR_SET_CHILD_SUBREAPER = 36  # prctl(2): what loses its parent becomes this process's child, and so is found again
GRACE = 10.0
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def below(pid):
    """The processes that a process started, by any of its threads, and those that they started."""
    found, queue = [], [pid]
    while queue:
        started, tasks = [], "/proc/%d/task" % queue.pop()
        try:
            for task in os.listdir(tasks):
                with open("%s/%s/children" % (tasks, task), encoding="ascii") as text:
                    started += [int(word) for word in text.read().split()]
        except OSError:  # it has ended
            pass
        queue += started
        found += started
    return found


def words_of(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as text:
            return text.read().replace(b"\0", b" ").decode("utf-8", "replace").strip()
    except OSError:
        return ""


def left_behind():
    """Told by the run itself, at its end: a sentence for each process that goes on, and each file that is still there."""
    end = time.monotonic() + GRACE
    while True:  # nobody is told when a process ends that is not one's child
        running = [told for told in (words_of(pid) for pid in below(os.getppid()) if pid != os.getpid()) if told]
        if not running or time.monotonic() > end:
            break
        time.sleep(0.1)
    return ["still running: " + told for told in running] + ["still there: " + name for name in sorted(os.listdir(os.environ["TMPDIR"]))]


def end_all():
    """Again and again, as one that is killed may have started another just before."""
    end = time.monotonic() + GRACE
    while (started := below(os.getpid())) and time.monotonic() < end:
        for pid in started:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:  # it has ended
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        time.sleep(0.02)


def clear(folder):
    end_all()
    with open("/proc/self/mounts", encoding="utf-8") as text:
        mounts = [line.split()[1] for line in text if line.split()[1].startswith(folder)]
    for point in reversed(mounts):
        subprocess.run(["umount", "--lazy", point], check=False)
    shutil.rmtree(folder, ignore_errors=True)


def guarded(run):
    """Calls run() in a process of its own, and returns its exit status."""
    folder = tempfile.mkdtemp(prefix="placet-test.")
    os.chmod(folder, 0o755)  # some of what is started becomes another user
    os.environ["TMPDIR"], tempfile.tempdir = folder, None
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    runner = os.fork()
    if runner == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback of each thread
        status = run()
        sys.stdout.flush()
        os._exit(status)
    for number in ENDING:
        if signal.getsignal(number) != signal.SIG_IGN:  # by nohup
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        ended = None
        while ended != runner:
            ended, status = os.wait()
        return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        clear(folder)
