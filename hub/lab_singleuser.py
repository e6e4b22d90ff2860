"""The server of one user of a JupyterHub: the lab's JupyterLab, as `npm start` has it.

The hub starts it as that user, by `Spawner.cmd`. Environment, besides the hub's own and that of Kafka:

KAFKA_LAB_STATE       the user's folder for data, logs and progress
KAFKA_LAB_NOTEBOOKS   the user's folder for notebooks
KAFKA_LAB_REPOSITORY  optional: a git repository whose top has the notebooks; without, they are those of the installation
KAFKA_LAB_BRANCH      its branch, `main` unless told
"""

import json
import os
import subprocess
import sys

from pulling import pull_notebooks

LAB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(LAB, "lib", "python"))


def prepare():
    """Has the lab make the user's folders. Returns the environment and the options of its JupyterLab."""
    with open(os.path.join(LAB, ".lab", "installed.json"), encoding="utf-8") as file:
        node = json.load(file)["node"]
    program = os.path.join(LAB, "lib", "dist", "jupyter", "for-hub.js")
    return json.loads(subprocess.check_output([node, program]))


def main():
    os.umask(0o077)
    os.environ["KAFKA_LAB_NOTEBOOKS"] = pull_notebooks()
    prepared = prepare()
    os.environ.update(prepared["environment"])
    os.chdir(os.environ["KAFKA_LAB_NOTEBOOKS"])  # where terminals open, and npx finds the lab's commands

    import shortcuts

    shortcuts.no_iri_grammar()
    shortcuts.no_yarn_configuration()
    shortcuts.no_system_configuration()
    shortcuts.no_death_without_a_reason()

    from jupyterhub.singleuser import main as serve
    from kernel_ports import use_claimed_ports

    use_claimed_ports()
    serve([*sys.argv[1:], *prepared["options"]])


if __name__ == "__main__":
    main()
