"""Draws a room's certificates in a process of its own, for `tests.load.certificates`.

`python -m tests.load.certificate_drawing URL DATA_DIR WORKSHOP_ID` prints two numbers: its most
memory in MB when a hundred were drawn, and at the end. Nothing of the web is imported.
"""

import json
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from app.adapters.archives import ZipStream
from app.adapters.db import make_engine, unit_of_work
from app.adapters.i18n import Catalogues
from app.adapters.sealing import KeyFolder
from app.certificates import papers, queries
from app.certificates.as_pdf import certificate_as_pdf
from app.certificates.document import build_document

_FIRST = 100
DRAWN_AT_ONCE = 2  # as the web does


def main() -> int:
    """Read, unseal, sign, draw two at a time and pack; keep nothing."""
    url, data_dir, workshop_id = sys.argv[1:]
    engine, now = make_engine(url), datetime.now(UTC)
    archive, translate = ZipStream(now), Catalogues().translate
    with unit_of_work(
        engine, now=now, keys=KeyFolder(Path(data_dir) / "keys"), writes=False
    ) as work:
        rows = queries.find_of_workshop(work.db, workshop_id)
        found = [papers.read_paper(work, row) for row in rows]
    early, waiting = 0.0, deque[Future[bytes]]()
    with ThreadPoolExecutor(DRAWN_AT_ONCE) as threads:
        for place, paper in enumerate(found):
            url = f"https://t.example.org/v/{paper.record.number}?edition=2#{paper.proof}"
            document = build_document(
                paper, address="t.example.org/v", url=url, translate=translate
            )
            waiting.append(threads.submit(certificate_as_pdf, document))
            if len(waiting) == DRAWN_AT_ONCE:
                archive.add(f"{place}.pdf", waiting.popleft().result())
            if place == min(_FIRST, len(found) // 2):
                early = _peak_mb()
        for each in waiting:
            archive.add("last.pdf", each.result())
    archive.end()
    print(json.dumps([early, _peak_mb()]))
    return 0


def _peak_mb() -> float:
    # Not getrusage: a process takes over that figure from the one that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
