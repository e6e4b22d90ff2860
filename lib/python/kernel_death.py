"""How a kernel ended that nobody had told to: its exit status, and what it said last.

A kernel's stderr goes to a file beside its connection file (kernel/src/transport/descriptors.ts), which outlives it.
"""

import os
import signal

MAX_BYTES = 4000
MAX_LINES = 3


def describe(km):
    """A sentence for a report; forgets what the kernel said."""
    words = last_words(km)
    path = words_of(km)
    if os.path.exists(path):
        os.unlink(path)
    parts = [status(km) or "nobody knows how"]
    if "out of memory" in words:
        parts.append(
            "it ran out of memory; keep less in it, "
            "or allow more: NODE_OPTIONS=--max-old-space-size=4096 (MB)"
        )
    if words:
        parts.append(f"it said last: {words}")
    return "; ".join(parts)


def leave_note(km, log):
    """Adds how it ended to what it said: the kernel that follows tells both in the notebook."""
    how = status(km)
    log.warning("Kernel died: %s; it said last: %s", how, last_words(km))
    if how:
        with open(words_of(km), "a") as file:
            file.write(f"\n[kernel] {how}\n")


def status(km):
    """Its signal or exit code in words; None if it is not known, or if it lives."""
    process = getattr(km.provisioner, "process", None)
    code = process.poll() if process is not None else None
    if code is None:
        return None
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"ended by signal {-code}"


def words_of(km):
    return os.path.splitext(km.connection_file)[0] + ".stderr"


def last_words(km):
    try:
        with open(words_of(km), "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - MAX_BYTES))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith("FATAL ERROR")]
    return " / ".join(fatal or lines[-MAX_LINES:])
