"""The pipe that ties a Python process to the Node process that started it.

Whoever started us holds the other end of our stdin. When it closes, on purpose or because that
process was killed, we stop. Reports go the other way, one JSON object a line, on what was stdout.
"""

import json
import os
import sys
import threading


class Lifeline:
    """Takes stdin and stdout for itself, so that nothing a kernel prints or reads gets in between."""

    def __init__(self):
        self._in = os.fdopen(os.dup(0), "rb", buffering=0)
        self._out = os.fdopen(os.dup(1), "wb", buffering=0)
        self._lock = threading.Lock()
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        sys.stdout.flush()
        os.dup2(2, 1)

    def report(self, event, **fields):
        line = json.dumps({"event": event, **fields}).encode() + b"\n"
        with self._lock:
            try:
                self._out.write(line)
            except OSError:
                pass  # nobody listens any more: stdin says so too, and that ends us

    def on_cut(self, callback):
        """Calls `callback`, in a thread of its own, once the other end of stdin is closed."""

        def wait():
            try:
                while self._in.read(4096):
                    pass
            except OSError:
                pass
            callback()

        threading.Thread(target=wait, name="lifeline", daemon=True).start()
