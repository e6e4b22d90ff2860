"""A cell's text as a reader sees it, in time that grows with its length and not by its square."""

import re

_OVERWRITES = re.compile("[\r\b]")
_CONTROLS = re.compile("([\r\b])")


def merged(outputs):
    """The outputs with one stream of each name, where it was first; stdout stands before stderr beside it.

    The two come by different ways, so their order is chance.
    """
    texts = {}
    kept = []
    for output in outputs:
        if output["output_type"] != "stream":
            kept.append(output)
        elif output["name"] in texts:
            texts[output["name"]].append(output["text"])
        else:
            texts[output["name"]] = [output["text"]]
            kept.append(output)
    for output in kept:
        if output["output_type"] == "stream":
            output["text"] = shown("".join(texts[output["name"]]))
    for i, (first, second) in enumerate(zip(kept, kept[1:])):
        if first.get("name") == "stderr" and second.get("name") == "stdout":
            kept[i : i + 2] = [second, first]
    return kept


def shown(text):
    """What JupyterLab shows of `text`: after a carriage return its line is written over, a backspace takes away."""
    if not _OVERWRITES.search(text):
        return text
    return "\n".join(map(_shown_line, text.split("\n")))


def _shown_line(line):
    if not _OVERWRITES.search(line):
        return line
    # The line, cut at the cursor; what is right of it stands in reverse. So no step moves the rest of the line.
    left, right = [], []
    for part in _CONTROLS.split(line):
        if part == "\r":
            right.extend(reversed(left))
            left.clear()
        elif part == "\b":
            # JupyterLab takes away the character before the cursor, and the one at it.
            if left:
                left.pop()
                del right[-1:]
        elif part:
            del right[max(0, len(right) - len(part)) :]
            left.extend(part)
    return "".join(left) + "".join(reversed(right))
