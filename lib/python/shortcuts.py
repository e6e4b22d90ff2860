"""Imported first: leaves out what costs seconds at every start, or what is none of the lab's."""

import sys


def no_iri_grammar():
    """jsonschema's optional check of IRIs compiles a grammar when imported: 1.6 s of 2.1 s."""
    sys.modules.setdefault("rfc3987_syntax", None)


def no_yarn_configuration():
    """JupyterLab asks yarn for its registry when imported, in case it is to be rebuilt: 0.4 s."""
    from jupyterlab import commands

    if hasattr(commands, "_yarn_config"):
        commands._yarn_config = lambda logger: {"yarn config": {}, "npm config": {}}


def no_port_lost_meanwhile():
    """JupyterLab finds a free port, lets go of it and takes it later: two that start at once met there, and one died."""
    from jupyter_server.serverapp import ServerApp

    bind = getattr(ServerApp, "_bind_http_server_tcp", None)
    if bind is None or not hasattr(ServerApp, "_find_http_port"):
        return

    def bind_or_find_another(self):
        for _ in range(20):
            if bind(self):
                return True
            self._find_http_port()
        return False

    ServerApp._bind_http_server_tcp = bind_or_find_another


def no_death_without_a_reason():
    """Jupyter restarts a kernel that died, and says no more: the new one tells why (kernel_death.py)."""
    import kernel_death
    from jupyter_client.restarter import KernelRestarter

    fire = getattr(KernelRestarter, "_fire_callbacks", None)
    if fire is None:
        return

    def note_and_fire(self, event):
        try:
            kernel_death.leave_note(self.kernel_manager, self.log)
        except Exception:
            self.log.exception("How a kernel died could not be noted")
        fire(self, event)

    KernelRestarter._fire_callbacks = note_and_fire


def no_system_configuration():
    """What an administrator set in /etc/jupyter for other servers must not break this one."""
    from jupyter_core import paths

    paths.SYSTEM_CONFIG_PATH[:] = []
