"""Ports for kernels that no other process of the lab is given meanwhile.

Jupyter looks for free ports and lets go of them; a moment later the kernel takes them. Of notebooks that start side by side
some met on a port, or met a connection that had been given it, and a kernel died.
"""

import random
import socket

from jupyter_client.connect import LocalPortCache

# Below the ports of Kafka (lib/src/broker/embedded/ports.ts) and those that systems give to connections.
FIRST, LAST = 10_000, 20_000
PER_KERNEL = 5


class ClaimedPorts(LocalPortCache):
    """A kernel's ports follow one that this process keeps bound: whoever finds that one taken looks elsewhere.

    The claim ends with the process, however it ends.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._next = []
        self._claims = {}

    def find_available_port(self, ip):
        if not self._next:
            self._claim_block(ip)
        return self._next.pop(0) if self._next else super().find_available_port(ip)

    def return_port(self, port):
        super().return_port(port)
        claim = self._claims.pop(port, None)
        if claim is not None and claim not in self._claims.values():
            claim.close()

    def _claim_block(self, ip):
        starts = list(range(FIRST, LAST - PER_KERNEL, PER_KERNEL + 1))
        random.shuffle(starts)
        for start in starts:
            claim = bound(ip, start)
            if claim is None:
                continue
            ports = range(start + 1, start + 1 + PER_KERNEL)
            if all(is_free(ip, port) for port in ports):
                self._next = list(ports)
                self._claims.update(dict.fromkeys(ports, claim))
                return
            claim.close()


def bound(ip, port):
    """A socket that has the port, or None; child processes do not inherit it."""
    claim = socket.socket()
    try:
        claim.bind((ip, port))
    except OSError:
        claim.close()
        return None
    return claim


def is_free(ip, port):
    claim = bound(ip, port)
    if claim is not None:
        claim.close()
    return claim is not None


def use_claimed_ports():
    """From now on this process gives such ports to the kernels that it starts."""
    ClaimedPorts.instance()
