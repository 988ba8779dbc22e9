"""What threads share must be whole before the first of them uses it."""

from __future__ import annotations

import subprocess
import sys

# msgspec 0.22 ends the process (a segmentation fault) when two threads are the first to decode a
# type. Learning a type is the one moment at which it calls `get_class_annotations`.
PROGRAM = """
import sys, django
django.setup()
import msgspec
from waypost.engine.definition import Workflow
from waypost.engine.events import Event
from waypost.engine.instance import Instance
from waypost.instances.ordering import Cursor
from waypost.instances.perform import StoredRequest
from waypost.integrations.credentials import _Sealed
from waypost.workflows.difference import Change
learned = []
def note(frame, event, argument):
    if event == "call" and frame.f_code.co_name == "get_class_annotations":
        learned.append(frame.f_locals["obj"])
sys.setprofile(note)
for one in (Workflow, Event, Instance, Cursor, StoredRequest, _Sealed, Change):
    try:
        msgspec.convert({}, one)
    except msgspec.ValidationError:
        pass
sys.setprofile(None)
print(learned)
"""


def test_types_that_threads_decode_are_learned_at_import() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)

    assert done.stdout == "[]\n", done.stderr
