"""The lab's kernel against jupyter_kernel_test; prints {test: ok | skipped: why | failed: what} as JSON."""

import json
import sys
import unittest

import jupyter_kernel_test

# How long a message may take on a machine with much to do; the suite itself gives some 0.1 s.
PATIENCE = 30


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = "kafka-lab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("test")'
    completion_samples = [
        {"text": "parseI", "matches": {"parseInt"}},
        {"text": "Math.floo", "matches": {"floor"}},
        {"text": "const text = 'a'; text.toUpp", "matches": {"toUpperCase"}},
        {"text": "interf", "matches": {"interface"}},
        {"text": "import fs from 'node:fs/pro", "matches": {"promises"}},
        {"text": "undeclared.", "matches": set()},
    ]
    complete_code_samples = [
        "",
        "1",
        "await 1",
        "const a: number = 1;",
        "function f(): void {}",
        "const f = <T>(value: T) => value;",
        "interface A {\n  b: string;\n}",
        "const text = `two\nlines`;",
        "// a comment",
    ]
    incomplete_code_samples = [
        "if (true) {",
        "const a =",
        "f(1,",
        "[1, 2",
        "const text = `one",
        "/* a comment",
        "class A {\n  b() {",
        "const f = () =>",
        "import { join } from",
    ]
    invalid_code_samples = ["const = 1;", "f(1))", "}", "a b", "'one\n", "let 1 = 2"]
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "['a', 'b'].map((s) => s + s)", "result": "[ 'aa', 'bb' ]"},
        {"code": "await Promise.resolve(new Map([[1, 2]]))", "result": "Map(1) { 1 => 2 }"},
        {
            "code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>1</b>' }) })",
            "mime": "text/html",
            "result": "<b>1</b>",
        },
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<b>1</b>')", "mime": "text/html"},
        {"code": "import { display } from 'tslab'; display.svg('<svg/>')", "mime": "image/svg+xml"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1 ? 2*"
    code_inspect_sample = "parseInt"
    code_clear_output = "console.clear()"
    # Left out: code_page_something. A pager shows the help of IPython's `name?`, by a payload that the
    # protocol deprecates; TypeScript has no such syntax, and inspection shows the same text.

    def flush_channels(self):
        """Reads all that is still to come of earlier requests: not what comes in 0.1 s, but all."""
        request = self.kc.kernel_info()
        while self.receive(self.kc.shell_channel)["parent_header"].get("msg_id") != request:
            pass
        idle = {"execution_state": "idle"}
        while True:
            message = self.receive(self.kc.iopub_channel)
            if message["parent_header"].get("msg_id") == request and message["content"] == idle:
                return

    def receive(self, channel):
        message = channel.get_msg(timeout=PATIENCE)
        jupyter_kernel_test.validate_message(message)
        return message

    def execute_helper(self, *args, **kwargs):
        channel = self.kc.iopub_channel
        impatient = channel.get_msg
        channel.get_msg = lambda timeout: impatient(timeout=PATIENCE)
        try:
            return super().execute_helper(*args, **kwargs)
        finally:
            channel.get_msg = impatient


class Collect(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.outcomes = {}

    def startTest(self, test):
        super().startTest(test)
        self.outcomes[test._testMethodName] = "ok"

    def addSkip(self, test, reason):
        name = getattr(test, "test_case", test)._testMethodName
        self.outcomes[name] = f"skipped: {reason}"

    def fail(self, test, error):
        name = getattr(test, "_testMethodName", str(test))
        self.outcomes[name] = f"failed: {self._exc_info_to_string(error, test)}"

    addError = addFailure = fail

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.fail(test, error)


result = Collect()
unittest.defaultTestLoader.loadTestsFromTestCase(Conformance).run(result)
json.dump(result.outcomes, sys.stdout)
