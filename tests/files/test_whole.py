"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from extractor.errors import ConfigurationError
from extractor.files.whole import WholeFiles, whole_file, whole_files

HINT = "Is there room on the disk, and may you write into the folder?"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Files of more than 10 kB cannot be written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(params=[0o000, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """What the user lets others do with new files."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_a_file_and_its_folder_are_their_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask, and whatever the rights of the file that is replaced."""
    path = tmp_path / "new" / "a"
    with whole_file(path) as stream:
        stream.write(b"one")
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    path.chmod(0o644)
    with whole_file(path, durable=True) as stream:
        stream.write(b"two")
    assert (path.read_bytes(), mode(path)) == (b"two", 0o600)


def test_files_appear_together_at_the_end(tmp_path: Path) -> None:
    """Until then what was there stays, and beside it are hidden files alone."""
    paths = [tmp_path / "a", tmp_path / "b"]
    paths[0].write_bytes(b"old")
    with whole_files(paths) as streams:
        for path in paths:
            streams[path].write(path.name.encode())
        assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == ["a"]
        assert paths[0].read_bytes() == b"old"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"a", "b": b"b"}


def _write_and_raise(stream: IO[bytes], error: type[BaseException]) -> None:
    stream.write(b"new")
    raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_of_a_block_that_fails(tmp_path: Path, error: type[BaseException]) -> None:
    """The error comes out as it is, and what was there stays."""
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(error), whole_files([tmp_path / "a", tmp_path / "b"]) as streams:
        _write_and_raise(streams[tmp_path / "a"], error)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


@pytest.mark.usefixtures("small_disk")
@pytest.mark.parametrize("size", [10_001, 100_000])
def test_no_room_is_told_and_leaves_nothing(tmp_path: Path, size: int) -> None:
    """Whether the room ends within the block or with what the stream still held at its end."""
    told = pytest.raises(ConfigurationError, match="a cannot be written: File too large")
    with told as caught, whole_file(tmp_path / "a") as stream:
        stream.writelines(b"." * 100 for _ in range(0, size, 100))
    assert caught.value.hint == HINT
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["file/a", "folder"])
def test_a_place_that_takes_no_file_is_told(tmp_path: Path, name: str) -> None:
    """Below a file, or where a folder stands; no other file of the same block appears."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    told = pytest.raises(ConfigurationError, match=f"{name} cannot be written: ")
    with told as caught, whole_files([tmp_path / name, tmp_path / "other"]):
        pass
    assert caught.value.hint == HINT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_an_error_of_something_else_is_not_a_files(tmp_path: Path) -> None:
    """Where no file was opened, an error of the system belongs to what the block does."""
    with pytest.raises(BrokenPipeError), whole_files([]):
        raise BrokenPipeError


def test_files_can_be_opened_one_by_one(tmp_path: Path) -> None:
    """They appear with `keep`, also those that were closed; `discard` takes back what was opened after it."""
    files = WholeFiles()
    for name in "ab":
        with files.open(tmp_path / name) as stream:
            stream.write(name.encode())
    assert files.keep() == [tmp_path / "a", tmp_path / "b"]
    files.open(tmp_path / "a").write(b"new")
    files.discard()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"a", "b": b"b"}
    assert files.keep() == []


def test_every_folder_that_is_made_is_its_owners_alone(tmp_path: Path, umask: None) -> None:
    """Also those above the last one; a folder that was there keeps its mode."""
    tmp_path.chmod(0o755)
    with whole_file(tmp_path / "a" / "b" / "c.txt") as stream:
        stream.write(b"x")
    assert [mode(tmp_path), mode(tmp_path / "a"), mode(tmp_path / "a" / "b")] == [0o755, 0o700, 0o700]
