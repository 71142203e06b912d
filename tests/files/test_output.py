"""The files of a run, below the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import ConfigurationError, OutputMismatch
from extractor.files.locking import OutputLock
from extractor.files.output import OutputFiles, SetUp

SET_UP = SetUp("fake", "extract.v1", "0" * 64)


def line(number: int) -> bytes:
    run = '"run":{"model":"fake","prompt":"extract.v1","prompt_sha256":"' + "0" * 64 + '"}'
    return f'{{"schema_version":"1","article":{{"id":"a{number}"}},{run}}}\n'.encode()


def ids(path: Path) -> list[str]:
    import json

    return [json.loads(row)["article"]["id"] for row in path.read_bytes().splitlines()]


def test_a_second_opening_is_refused_until_the_first_is_unlocked(tmp_path: Path) -> None:
    """Also within one process."""
    path = tmp_path / "out.jsonl"
    first = OutputFiles.open(path, SET_UP)
    with pytest.raises(ConfigurationError, match="Another run is writing"):
        OutputFiles.open(path, SET_UP)
    first.close()
    first.unlock()
    second = OutputFiles.open(path, SET_UP)
    second.close()
    second.unlock()


def test_a_failed_opening_unlocks(tmp_path: Path) -> None:
    """A file of other records is refused, and can be opened anew at once."""
    path = tmp_path / "out.jsonl"
    path.write_bytes(line(1).replace(b'"fake"', b'"other"'))
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="another model"):
            OutputFiles.open(path, SET_UP)


def test_the_lock_is_where_nobody_looks_for_articles(tmp_path: Path) -> None:
    """A hidden file, for the owner alone, gone after release."""
    lock = OutputLock(tmp_path / "out.jsonl")
    lock.acquire()
    (held,) = tmp_path.iterdir()
    assert held.name.startswith(".")
    assert held.stat().st_mode & 0o077 == 0
    lock.release()
    lock.release()
    assert list(tmp_path.iterdir()) == []


def test_records_are_put_in_the_order_of_the_input(tmp_path: Path) -> None:
    """Those of unknown place stay in front; a file that is in order is left alone."""
    path = tmp_path / "out.jsonl"
    files = OutputFiles.open(path, SET_UP)
    for number in (3, 9, 1, 2):
        files.add(line(number))
    places = {"a1": 0, "a2": 1, "a3": 2}
    files.put_in_order(lambda article: places.get(article, -1))
    assert ids(path) == ["a9", "a1", "a2", "a3"]
    inode = path.stat().st_ino
    files.put_in_order(lambda article: places.get(article, -1))
    assert path.stat().st_ino == inode
    files.add(line(4))
    assert ids(path)[-1] == "a4"
    files.close()
    files.unlock()


def test_a_write_that_fails_in_its_middle_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file ends with the last whole line."""
    path = tmp_path / "out.jsonl"
    files = OutputFiles.open(path, SET_UP)
    files.add(line(1))
    stream = files._records

    class Short:
        """Writes ten bytes, then finds the disk full."""

        calls = 0

        def write(self, data: bytes) -> int:
            assert stream is not None
            self.calls += 1
            if self.calls > 1:
                raise OSError(28, "No space left on device")
            return stream.write(data[:10])

        def fileno(self) -> int:
            assert stream is not None
            return stream.fileno()

        def close(self) -> None:
            assert stream is not None
            stream.close()

    files._records = Short()  # type: ignore[assignment]
    with pytest.raises(ConfigurationError, match="No space left on device"):
        files.add(line(2))
    assert path.read_bytes() == line(1)
    files.close()
    files.unlock()


def test_nothing_is_made_through_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    """Whoever can write into the folder would choose where the file is made."""
    for name in ("out.jsonl", "out.failed.jsonl"):
        (tmp_path / name).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(ConfigurationError, match=f"{name} is a link to .*elsewhere, which is not there") as error:
            OutputFiles.open(tmp_path / "out.jsonl", SET_UP)
        assert "remove the link" in error.value.hint
        assert not (tmp_path / "elsewhere").exists()
        (tmp_path / name).unlink()
        (tmp_path / "out.jsonl").unlink(missing_ok=True)


@pytest.mark.parametrize("bad", [b"[" * 100_000, b'{"article":' * 100_000, b"9" * 10_000])
def test_lines_that_no_parser_follows_are_no_records(tmp_path: Path, bad: bytes) -> None:
    """Nested too deeply, or a number too long: the file is refused, and its failures are passed over."""
    path = tmp_path / "out.jsonl"
    path.write_bytes(line(1) + bad + b"\n" + line(2))
    with pytest.raises(OutputMismatch, match="a line in its middle that is no record"):
        OutputFiles.open(path, SET_UP)
    path.write_bytes(line(1))
    (tmp_path / "out.failed.jsonl").write_bytes(bad + b"\n")
    files = OutputFiles.open(path, SET_UP)
    assert (files.done, files.failures) == ({"a1"}, {})
    files.close()
    files.unlock()


def test_a_failures_file_of_another_program_is_refused(tmp_path: Path) -> None:
    """It stays as it is."""
    failed = tmp_path / "out.failed.jsonl"
    failed.write_bytes(b'{"a": 1}\n')
    with pytest.raises(OutputMismatch, match="something else than failures"):
        OutputFiles.open(tmp_path / "out.jsonl", SET_UP)
    assert failed.read_bytes() == b'{"a": 1}\n'
