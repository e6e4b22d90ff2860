"""Brings a teacher's notebooks into a user's folder, by nbgitpuller."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# Longer than a git server on the other side of the world takes for the course.
PULL_SECONDS = 60
# For git to remove its locks.
ENDING_SECONDS = 5


def pull_notebooks():
    """Brings the teacher's changes into the user's copies, and returns the folder that has them.

    Where that fails, the user goes on with what is there. Where nothing is there yet, it is a folder beside it: a later start
    can still clone, and the user finds what they did meanwhile in the clone, in its folder `offline`.
    """
    folder = os.path.abspath(os.environ["KAFKA_LAB_NOTEBOOKS"])
    repository = os.environ.get("KAFKA_LAB_REPOSITORY")
    if not repository:
        return folder
    meanwhile = f"{folder}-offline"
    try:
        if os.path.exists(folder):
            pull(repository, folder)
        else:
            clone(repository, folder)
        keep(meanwhile, os.path.join(folder, "offline"))
    except (subprocess.SubprocessError, OSError) as error:
        print(f"The notebooks could not be brought up to date: {error}", file=sys.stderr)
    return folder if os.path.exists(folder) else meanwhile


def clone(repository, folder):
    """Whole or not at all, whenever it is cut off."""
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    draft = tempfile.mkdtemp(prefix=f"{folder}.")
    try:
        pull(repository, os.path.join(draft, "notebooks"))
        os.rename(os.path.join(draft, "notebooks"), folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def keep(meanwhile, place):
    if os.path.isdir(meanwhile) and not os.path.exists(place):
        os.rename(meanwhile, place)


def pull(repository, folder):
    branch = os.environ.get("KAFKA_LAB_BRANCH", "main")
    command = [sys.executable, "-m", "nbgitpuller.pull", repository, branch, folder]
    # Nobody can be asked for a password here.
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        code = process.wait(PULL_SECONDS)
    except BaseException:  # late, or the hub interrupts the server
        end(process)
        raise
    if code:
        raise subprocess.CalledProcessError(code, command)


def end(process):
    """Ends it, and git below it, which is in its session."""
    deadline = time.monotonic() + ENDING_SECONDS
    try:
        os.killpg(process.pid, signal.SIGTERM)
        while time.monotonic() < deadline:
            process.poll()
            os.killpg(process.pid, 0)
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # all have ended
    process.wait()
