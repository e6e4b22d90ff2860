"""Fetches Maven artifacts side by side, each exactly as named, nothing that it depends on.

    python fetch_jars.py REPOSITORY_FOLDER < coordinates

Reads one group:artifact:version a line. As soon as one is there, writes: coordinate TAB file.
Checks no sums: whoever calls it does.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jgo.config import GlobalSettings
from jgo.maven import MavenContext

# Small files far away: what takes time is waiting, not the network's width.
AT_ONCE = 12
TRIES = 3


def fetch(context: MavenContext, coordinate: str) -> Path:
    group, artifact, version = coordinate.split(":")
    wanted = context.project(group, artifact).at_version(version).artifact()
    for left in reversed(range(TRIES)):
        try:
            return wanted.resolve()
        except OSError:  # Every error of the network is one; so is a full disk, which no second try mends.
            if wanted.cached_path is not None:
                wanted.cached_path.unlink(missing_ok=True)
            if left == 0:
                raise
            time.sleep(1)
    raise AssertionError("unreachable")


def main() -> None:
    # Somebody whose artifacts come from a mirror has told jgo so.
    mirrors = GlobalSettings.load().repositories or None
    context = MavenContext(repo_cache=Path(sys.argv[1]), remote_repos=mirrors, timeout=30)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = {pool.submit(fetch, context, line): line for line in sys.stdin.read().split()}
        try:
            for job in as_completed(jobs):
                print(jobs[job], job.result(), sep="\t", flush=True)
        except Exception as error:
            pool.shutdown(cancel_futures=True)
            sys.exit(f"{type(error).__name__}: {error}")


main()
