"""A terminal of its own for a command: what is typed comes by stdin, what it shows goes to stdout.

python terminal.py ROWS COLUMNS COMMAND ARGUMENT…; ends with the command's exit code, 128 + n if signal n ended it.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def main():
    rows, columns, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    pid, master = pty.fork()
    if pid == 0:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(0, termios.TIOCSWINSZ, size)
        os.execvp(command[0], command)
    relay(master)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sys.exit(code if code >= 0 else 128 - code)


def relay(master):
    """Until the command has closed its side. Nobody typing any more (end of stdin) hangs up, as a closed window does."""
    while True:
        ready, _, _ = select.select([master, 0], [], [])
        if master in ready:
            try:
                shown = os.read(master, 65536)
            except OSError:  # Linux says so when the last one has closed it
                return
            if not shown:
                return
            os.write(1, shown)
        if 0 in ready:
            typed = os.read(0, 65536)
            if not typed:
                os.close(master)
                return
            os.write(master, typed)


main()
