"""What the Python probes share: their arguments, and the events they print as one JSON object per line."""

import json
import sys
import time


def arguments():
    """The command line's name=value arguments as a dict."""
    return dict(argument.split("=", 1) for argument in sys.argv[1:])


def event(kind, **fields):
    print(json.dumps({"event": kind, **fields}, separators=(",", ":")), flush=True)


def text(data):
    return None if data is None else data.decode("utf-8")


def records(args):
    """What to write, as pairs of key and value; the key may be None."""
    for record in args["records"].split(","):
        key, value = record.split(":")
        yield None if key == "-" else bytes.fromhex(key), bytes.fromhex(value)


class Deadline:
    def __init__(self, timeout_millis):
        self._end = time.monotonic() + int(timeout_millis) / 1000

    def seconds_left(self):
        return max(0.0, self._end - time.monotonic())

    def check(self, what):
        if self.seconds_left() == 0:
            raise TimeoutError(what)


def run(actions, code_of):
    """Does the action that the arguments name. code_of gives the name of Kafka's error for an exception."""
    args = arguments()
    try:
        actions[args["action"]](args, Deadline(args["timeout.millis"]))
        event("done")
    except Exception as failure:  # whatever it is, the test is told
        event("error", code=code_of(failure), message=str(failure))
        sys.exit(1)
