"""Runs JupyterLab until the pipe on stdin closes, then shuts down its kernels and ends.

Usage: lab_server.py JUPYTERLAB_OPTION…

Reports one JSON line {event: "listening", port} on stdout; the log goes to stderr.
"""

import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import shortcuts  # noqa: E402

shortcuts.no_iri_grammar()
shortcuts.no_yarn_configuration()
shortcuts.no_system_configuration()
shortcuts.no_port_lost_meanwhile()
shortcuts.no_death_without_a_reason()

from jupyterlab.labapp import LabApp  # noqa: E402
from kernel_ports import use_claimed_ports  # noqa: E402
from lifeline import Lifeline  # noqa: E402

# Kernels get five seconds for their hooks; a server that hangs after that is not waited for.
STOP_SECONDS = 10


def main():
    lifeline = Lifeline()
    use_claimed_ports()
    server = LabApp.initialize_server(argv=sys.argv[1:])
    # The token came by the environment, where a list of processes does not show it.
    # Kernels and terminals have no use for it.
    os.environ.pop("JUPYTER_TOKEN", None)

    def stop():
        deadline = threading.Timer(STOP_SECONDS, os._exit, args=(1,))
        deadline.daemon = True
        deadline.start()
        server.io_loop.add_callback_from_signal(server.stop)

    server.io_loop.add_callback(lambda: lifeline.report("listening", port=server.port))
    lifeline.on_cut(stop)
    server.start()
    # Not by way of atexit: threads of extensions must not keep a server that has stopped.
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
