"""Executes one notebook and reports each cell truthfully, as JSON lines on stdout.

Usage: execute.py NOTEBOOK OUTPUT TIMEOUT_SECONDS

Events: started {cells}, cell {number, id}, cell-done {number, id, status, seconds, …},
done {seconds} and failed {name, message} (the notebook as a whole could not be run).
`number` counts the code cells that have a source, from 1. `status` is one of ok, failed,
never-ran. The executed copy is written to OUTPUT, also when a cell failed: as far as it came.
"""

import asyncio
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import shortcuts  # noqa: E402

shortcuts.no_iri_grammar()

import kernel_death  # noqa: E402
import nbformat  # noqa: E402
from jupyter_client.kernelspec import NoSuchKernel  # noqa: E402
from kernel_ports import use_claimed_ports  # noqa: E402
from lifeline import Lifeline  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbclient.exceptions import (  # noqa: E402
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from outputs import merged  # noqa: E402

STARTUP_SECONDS = 60
# How long an interrupted cell may take to say so before its kernel is killed.
INTERRUPT_SECONDS = 3
# How long the output of a cell may lag behind its reply.
OUTPUT_SECONDS = 10


class CellFailed(Exception):
    """The failure of one cell, in the words of the report."""

    def __init__(self, ename, evalue, traceback=""):
        super().__init__(f"{ename}: {evalue}")
        self.fields = {"ename": ename, "evalue": evalue, "traceback": traceback}


class Runner:
    def __init__(self, notebook, timeout, report):
        self.notebook = notebook
        self.timeout = timeout
        self.report = report
        self.replies = {}
        self.client = NotebookClient(
            notebook,
            timeout=None,  # ours instead: interrupt first, so that the copy shows where it hung
            startup_timeout=STARTUP_SECONDS,
            iopub_timeout=OUTPUT_SECONDS,
            raise_on_iopub_timeout=True,
            on_cell_executed=self._keep_reply,
        )

    def code_cells(self):
        return [
            (index, cell)
            for index, cell in enumerate(self.notebook.cells)
            if cell.cell_type == "code" and cell.source.strip()
        ]

    async def run(self, cwd):
        cells = self.code_cells()
        for _, cell in cells:
            # What an earlier run left must not pass for this one's.
            cell.execution_count, cell.outputs = None, []
        self.report("started", cells=[cell.get("id") for _, cell in cells])
        async with self.client.async_setup_kernel(cwd=cwd):
            await self._language_info()
            await self._run_cells(cells)

    async def _run_cells(self, cells):
        for number, (index, cell) in enumerate(cells, 1):
            about = {"number": number, "id": cell.get("id")}
            self.report("cell", **about)
            began = time.monotonic()
            try:
                await self._run_cell(index, cell)
                if number == len(cells):
                    await self._settle()
            except CellFailed as error:
                seconds = time.monotonic() - began
                status = "never-ran" if error.fields["ename"] == "NeverRan" else "failed"
                self.report("cell-done", **about, status=status, seconds=seconds, **error.fields)
                if status == "failed":
                    return
            else:
                seconds = time.monotonic() - began
                self.report("cell-done", **about, status="ok", seconds=seconds)

    async def _run_cell(self, index, cell):
        task = asyncio.ensure_future(self.client.async_execute_cell(cell, index))
        try:
            await asyncio.wait([task], timeout=self.timeout)
            if not task.done():
                await self._give_up(task)
            task.result()
        except CellExecutionError as error:
            lines = [o.traceback for o in cell.outputs if o.output_type == "error"]
            traceback = "\n".join(lines[-1]) if lines else error.traceback
            raise CellFailed(error.ename, error.evalue, traceback) from None
        except DeadKernelError:
            how = kernel_death.describe(self.client.km)
            message = f"the kernel ended while this cell ran: {how}"
            raise CellFailed("KernelDied", message) from None
        except CellTimeoutError:
            raise CellFailed("OutputLost", "the kernel never said that this cell ended") from None
        finally:
            task.cancel()
            # Not nbclient's coalesce_streams: its regular expression takes a long line's time by the square.
            cell.outputs = merged(cell.outputs)
        self._verify(index, cell)

    async def _give_up(self, task):
        """Interrupts the cell that ran too long; a kernel that ignores it is shut down later."""
        await self.client.km.interrupt_kernel()
        await asyncio.wait([task], timeout=INTERRUPT_SECONDS)
        if task.done() and not task.cancelled():
            task.exception()  # the interrupt's own; what counts is why it was sent
        raise CellFailed("CellTimeout", f"the cell ran longer than {self.timeout:g} s")

    def _verify(self, index, cell):
        """A cell counts as run only if the kernel counted it and answered for it."""
        reply = self.replies.get(index)
        if reply is None:
            tags = ", ".join(cell.metadata.get("tags", []))
            raise CellFailed("NeverRan", f"the cell was not sent to the kernel (tags: {tags})")
        if reply["content"]["status"] == "aborted":
            raise CellFailed("NeverRan", "the kernel skipped this cell")
        if cell.execution_count is None:
            raise CellFailed("NeverRan", "the kernel answered, but never began this cell")

    async def _settle(self):
        """Lets the kernel report what failed in the background since the last cell ended."""
        client = self.client
        reply = await client.async_wait_for_reply(client.kc.execute("", silent=True))
        content = reply["content"] if reply else {}
        if content.get("status") == "error":
            traceback = "\n".join(content.get("traceback", []))
            raise CellFailed(content.get("ename"), content.get("evalue"), traceback)

    async def why(self, error):
        """Name and message of what failed the notebook as a whole."""
        km = self.client.km
        if km is not None and km.has_kernel and not await km.is_alive():
            return "KernelDied", f"the kernel ended between cells: {kernel_death.describe(km)}"
        return why(error)

    async def end_kernel(self):
        """The kernel that was cut off before nbclient had taken charge of it."""
        km = self.client.km
        if km is not None and km.has_kernel:
            await km.shutdown_kernel(now=True)

    async def _language_info(self):
        client = self.client
        reply = await client.async_wait_for_reply(client.kc.kernel_info())
        if reply and "language_info" in reply["content"]:
            self.notebook.metadata["language_info"] = reply["content"]["language_info"]

    def _keep_reply(self, cell, cell_index, execute_reply):
        self.replies[cell_index] = execute_reply


def why(error):
    if isinstance(error, NoSuchKernel):
        return "NoSuchKernel", f"the notebook asks for the kernel {error.name!r}, which is not here"
    return type(error).__name__, str(error) or "no message"


async def execute(path, output, timeout, lifeline):
    """Exit code 0 if the notebook was run as far as it goes, 1 if not, 130 if it was cut off."""
    began = time.monotonic()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    lifeline.on_cut(lambda: loop.call_soon_threadsafe(task.cancel))
    code = 0
    try:
        notebook = nbformat.read(path, as_version=4)
        runner = Runner(notebook, timeout, lifeline.report)
    except Exception as error:  # not a notebook
        name, message = why(error)
        lifeline.report("failed", name=name, message=f"it cannot be read: {message}")
        return 1
    try:
        await runner.run(os.path.dirname(os.path.abspath(path)))
    except asyncio.CancelledError:
        code = 130
    except Exception as error:
        name, message = await runner.why(error)
        lifeline.report("failed", name=name, message=message)
        code = 1
    finally:
        await runner.end_kernel()
    os.makedirs(os.path.dirname(os.path.abspath(output)), exist_ok=True)
    nbformat.write(notebook, output)
    lifeline.report("done", seconds=time.monotonic() - began)
    return code


def main():
    path, output, timeout = sys.argv[1:]
    lifeline = Lifeline()
    use_claimed_ports()
    code = asyncio.run(execute(path, output, float(timeout), lifeline))
    # Not by way of atexit: a lock that some library still holds must not keep us.
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
