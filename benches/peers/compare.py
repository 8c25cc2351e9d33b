"""The ratio table; see `run`, which calls this."""

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import score

HERE = Path(__file__).parent
# Seconds between two looks at a process's memory.
LOOK = 0.02
TRUTHS = ("word", "space")


class Memory(threading.Thread):
    """The most anonymous memory of a process: what it holds besides mapped files."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.path, self.most, self.over = f"/proc/{pid}/status", 0, threading.Event()

    def run(self):
        while not self.over.wait(LOOK):
            try:
                lines = open(self.path, encoding="ascii", errors="replace").read()
            except OSError:
                return
            _, named, rest = lines.partition("RssAnon:")
            if named:
                self.most = max(self.most, int(rest.split()[0]) * 1024)


def once(command):
    """CPU seconds (user and system, all threads), wall seconds and peak memory of a process."""
    since = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    memory = Memory(process.pid)
    memory.start()
    said = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - since
    memory.over.set()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"peers: {' '.join(command)} ended with {process.returncode}")
    taken = {"cpu": used.ru_utime + used.ru_stime, "wall": wall}
    taken |= {"peak": used.ru_maxrss * 1024, "held": memory.most}
    if said.startswith("kernel "):
        taken["kernel"] = float(said.split()[1])
    return taken


def commands(binary, feed, out, peers):
    """Name, command and file of findings of every side."""
    scan = [binary, "scan", feed, "--format", "jsonl", "-q"]
    found = {"wirecopy": ([*scan, "-o", f"{out}/all.jsonl"], f"{out}/all.jsonl")}
    usage = subprocess.run([binary, "scan", "--help"], check=True, capture_output=True, text=True).stdout
    if "--level" in usage:
        path = f"{out}/documents.jsonl"
        found["wirecopy --level documents"] = ([*scan, "--level", "documents", "-o", path], path)
    for peer in peers:
        path = f"{out}/{peer}.tsv"
        found[peer] = ([sys.executable, str(HERE / "peer.py"), peer, feed, path], path)
    return found


def truth(feed, kind, folder):
    """True pairs, counted once for each feed."""
    digest = hashlib.file_digest(open(feed, "rb"), "sha256").hexdigest()[:16]
    path = folder / f"{digest}-{kind}.tsv"
    if not path.exists():
        partial = path.with_suffix(".partial")
        subprocess.run([sys.executable, str(HERE / "exact.py"), kind, feed, str(partial)], check=True)
        partial.rename(path)
    return score.read_truth(path)


def table(rows, peers):
    heads = ["tool", "CPU s", "least–most", "wall s", "peak MB", "held MB", "documents / CPU s"]
    heads += [f"× {peer}" for peer in peers] + ["kernel CPU s"]
    heads += [f"{measure}, {kind}" for kind in TRUTHS for measure in ("recall", "precision")]
    print("| " + " | ".join(heads) + " |")
    print("| --- " + "| ---: " * (len(heads) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def measured(path, truths):
    """Recall and precision as clusters, and a line for the pairs as listed."""
    cells, listed = [], []
    for kind in TRUTHS:
        clusters, pairs = score.score(path, truths[kind])
        cells += [f"{clusters['recall']:.4f}", f"{clusters['precision']:.4f}"]
        if pairs:
            listed.append(f"{kind}: recall {pairs['recall']:.4f}, precision {pairs['precision']:.4f}")
    return cells, listed


def main():
    arguments = argparse.ArgumentParser(prog="run")
    arguments.add_argument("feed")
    arguments.add_argument("runs", nargs="?", type=int, default=5)
    arguments.add_argument("--binary", required=True, help="the wirecopy to measure")
    arguments.add_argument("--peers", default="rensa,gaoya,datasketch", help="those to run, separated by commas")
    arguments.add_argument("--truths", default="target/peers/truth", help="where true pairs are kept")
    given = arguments.parse_args()
    peers = [peer for peer in given.peers.split(",") if peer]
    size = os.path.getsize(given.feed)
    with open(given.feed, "rb") as lines:
        documents = sum(1 for line in lines if line.strip())
    folder = Path(given.truths)
    folder.mkdir(parents=True, exist_ok=True)
    truths = {kind: truth(given.feed, kind, folder) for kind in TRUTHS}
    with tempfile.TemporaryDirectory() as out:
        sides = commands(given.binary, given.feed, out, peers)
        taken = {name: [] for name in sides}
        for _ in range(given.runs):
            for name, (command, _) in sides.items():
                taken[name].append(once(command))
        found = {name: measured(path, truths) for name, (_, path) in sides.items()}
    print(f"{Path(given.feed).name}: {documents} documents, {size / 1e6:.1f} MB; {given.runs} runs each, in turns;")
    print(", ".join(f"{len(truths[kind])} true pairs ({kind})" for kind in TRUTHS), end="\n\n")
    middle = lambda name, key: statistics.median(run[key] for run in taken[name])
    rows = []
    for name in sides:
        cpu = [run["cpu"] for run in taken[name]]
        used = statistics.median(cpu)
        row = [name, f"{used:.2f}", f"{min(cpu):.2f}–{max(cpu):.2f}", f"{middle(name, 'wall'):.2f}"]
        row += [f"{middle(name, key) / 1e6:.0f}" for key in ("peak", "held")] + [f"{documents / used:,.0f}"]
        row += [f"{middle(peer, 'cpu') / used:.2f}" for peer in peers]
        row += [f"{middle(name, 'kernel'):.2f}" if "kernel" in taken[name][0] else ""]
        rows.append(row + found[name][0])
    table(rows, peers)
    for name in sides:
        if found[name][1]:
            print(f"\n{name}, the pairs it lists: {'; '.join(found[name][1])}")


if __name__ == "__main__":
    main()
