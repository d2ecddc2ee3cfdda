"""Write the golden letters from their determinations, and store an example of each new kind of event: `make goldens`.

Review the change before you commit it. A stored event is never written over.
"""

import json
from pathlib import Path

from tests.factories import golden_events

from imr.determination import from_data, write
from imr.determination.template import OF_2014, PRESENT

if __name__ == "__main__":
    for path in sorted(Path(__file__).parent.glob("*.json")):
        determination = from_data(json.loads(path.read_text(encoding="utf-8")))
        for name, edition in {"present": PRESENT, "of-2014": OF_2014}.items():
            path.with_suffix(f".{name}.txt").write_text(write(determination, edition), encoding="utf-8")
            print(path.with_suffix(f".{name}.txt"))
    golden_events.store()
