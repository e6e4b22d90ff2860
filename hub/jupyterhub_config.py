"""A JupyterHub on one installation of the lab, for users of this machine. An example: docs/instructors.md explains it.

Run as root, in a folder that is root's alone, where the hub keeps its database and its secrets:

    /opt/kafka-lab/.lab/venv/bin/jupyterhub --config /opt/kafka-lab/hub/jupyterhub_config.py
"""

import os

c = get_config()  # noqa: F821
LAB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Where browsers reach it: this machine alone, behind a server that has the certificate and the name. A path other than / has
# to be the same there.
c.JupyterHub.bind_url = os.environ.get("KAFKA_LAB_HUB_URL", "http://127.0.0.1:8000/")
c.ConfigurableHTTPProxy.command = [f"{LAB}/hub/node_modules/.bin/configurable-http-proxy"]
# The proxy and its servers end with the hub. With False they outlive a restart of it.
c.JupyterHub.cleanup_servers = True
# Who logs out, goes: the memory of their server and kernels is free then.
c.JupyterHub.shutdown_on_logout = True

# Who may come in: the users of this machine that are in this group, by their passwords.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {os.environ.get("KAFKA_LAB_HUB_GROUP", "kafka-class")}

c.Spawner.cmd = [f"{LAB}/.lab/venv/bin/python", f"{LAB}/hub/lab_singleuser.py"]
c.Spawner.default_url = "/lab/tree/00-start-here.ipynb"
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120

# A notebook in which no cell has run for an hour gives its memory back; what it shows stays. A server that nobody has used for
# four hours ends.
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=3600",
    "--ServerApp.shutdown_no_activity_timeout=14400",
]


def home(spawner, *parts):
    return os.path.join(os.path.expanduser(f"~{spawner.user.name}"), *parts)


def password(spawner):
    """Of the user's account on Kafka: the first line of a file that only root may read."""
    folder = os.environ.get("KAFKA_LAB_PASSWORDS", "/etc/kafka-lab/passwords")
    with open(os.path.join(folder, spawner.user.name), encoding="utf-8") as file:
        return file.readline().strip()


c.Spawner.environment = {
    "KAFKA_LAB_STATE": lambda spawner: home(spawner, ".kafka-lab"),
    "KAFKA_LAB_NOTEBOOKS": lambda spawner: home(spawner, "kafka-notebooks"),
    # The class's Kafka. Topics and groups of each user begin with their name, which the hub tells the lab.
    "KAFKA_SASL_USERNAME": lambda spawner: spawner.user.name,
    "KAFKA_SASL_PASSWORD": password,
}
# What is the same for all, as the environment of the hub has it. Not what is one person's: a password, a token, a client
# certificate, a prefix, or whether to share progress with the class. test/unit/hub/variables.test.ts knows all.
c.Spawner.env_keep = [
    *["PATH", "LANG", "LC_ALL", "KAFKA_LAB_REPOSITORY", "KAFKA_LAB_BRANCH", "KAFKA_LAB_RETENTION_BYTES"],
    *["KAFKA_BOOTSTRAP_SERVERS", "KAFKA_BROKERS", "KAFKA_CLIENT_PROPERTIES"],
    *["KAFKA_SSL", "KAFKA_SSL_CA", "KAFKA_SASL_MECHANISM"],
]
