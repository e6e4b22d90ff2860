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


def no_system_configuration():
    """What an administrator set in /etc/jupyter for other servers must not break this one."""
    from jupyter_core import paths

    paths.SYSTEM_CONFIG_PATH[:] = []
