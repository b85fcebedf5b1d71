"""Whether there is room to save: asked of the disk itself, and told once when it changes."""

import shutil
import threading
import time
from enum import StrEnum
from pathlib import Path

from app.adapters.logs import log_change, log_problem

_MEGABYTE = 1 << 20
_FULL_BELOW = 4 * _MEGABYTE
_LOW_SHARE = 0.15
_LOW_AT_MOST = 2048 * _MEGABYTE  # 15 % of a large disk is no reason to alarm anybody
_REFUSED_LASTS = 10.0


class Room(StrEnum):
    """How much room there is: enough, soon none, none."""

    OK = "ok"
    LOW = "low"
    FULL = "full"


def room_for(free: int, total: int) -> Room:
    """By the bytes that are free, of so many."""
    if free < _FULL_BELOW:
        return Room.FULL
    return Room.LOW if free < min(total * _LOW_SHARE, _LOW_AT_MOST) else Room.OK


def free_bytes(folder: Path) -> int:
    """The bytes this account may still write where the folder lies, or will lie."""
    return shutil.disk_usage(_nearest(folder)).free


def total_bytes(folder: Path) -> int:
    """The size of the disk on which the folder lies, or will lie."""
    return shutil.disk_usage(_nearest(folder)).total


def is_same_disk(one: Path, other: Path) -> bool:
    """Whether two folders lie on one disk, so that one accident takes both."""
    return _nearest(one).stat().st_dev == _nearest(other).stat().st_dev


class DiskWatch:
    """Watches one folder's disk; a refusal by the database counts too, wherever its disk is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._known = Room.OK
        self._refused_at = float("-inf")

    def look(self) -> Room:
        """How it is now; a change is one line in the log."""
        usage = shutil.disk_usage(_nearest(self._folder))
        found = room_for(usage.free, usage.total)
        if time.monotonic() - self._refused_at < _REFUSED_LASTS:
            found = Room.FULL
        self._say(found, usage.free)
        return found

    def tell_full(self) -> None:
        """The database had no room for what it was given."""
        self._refused_at = time.monotonic()
        self._say(Room.FULL, shutil.disk_usage(_nearest(self._folder)).free)

    def _say(self, found: Room, free: int) -> None:
        with self._lock:
            before, self._known = self._known, found
        if found is before:
            return
        if found is Room.OK:
            log_change("disk_well_again", free_megabytes=str(free // _MEGABYTE))
        else:
            log_problem(f"disk_{found}", free_megabytes=str(free // _MEGABYTE))


def _nearest(folder: Path) -> Path:
    return next(each for each in (folder, *folder.absolute().parents) if each.exists())
