"""Several files as one ZIP, whole or sent while it is made; the same files are the same bytes."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path


def write_zip(files: Mapping[str, bytes], *, made_at: datetime) -> bytes:
    """The archive of these files by name, each dated `made_at` in UTC."""
    buffer = io.BytesIO()
    moment = made_at.astimezone(UTC)
    date_time = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def pack_folder(folder: Path, target: Path) -> None:
    """The files of one folder as an archive; of any size, a block at a time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)


def unpack_folder(source: Path, folder: Path) -> None:
    """Put an archive's files into a folder; raises ValueError for what is no archive of ours."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = archive.namelist()
            if any(Path(name).name != name for name in names) or len(set(names)) != len(names):
                raise ValueError("the archive names places outside its folder")
            archive.extractall(folder)
            if any(path.is_symlink() for path in folder.iterdir()):
                raise ValueError("the archive holds more than files")
    except zipfile.BadZipFile as error:
        raise ValueError("not an archive") from error


class ZipStream:
    """Bytes to send after each member, and the list of members at the end.

    PDF is packed already, so that members are stored as they are. The same members and `made_at`
    give the same bytes.
    """

    def __init__(self, made_at: datetime) -> None:
        self._sent = _Outlet()
        self._file = zipfile.ZipFile(self._sent, "w", zipfile.ZIP_STORED)
        self._moment = made_at.timetuple()[:6]

    def add(self, name: str, content: bytes) -> bytes:
        """What is to be sent for one more member."""
        self._file.writestr(zipfile.ZipInfo(name, self._moment), content)
        return self._sent.take()

    def end(self) -> bytes:
        """What closes the file."""
        self._file.close()
        return self._sent.take()


class _Outlet(io.RawIOBase):
    """Takes what is written and cannot go back."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        told = bytes(content)  # type: ignore[call-overload]
        self._waiting += told
        return len(told)

    def take(self) -> bytes:
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken
