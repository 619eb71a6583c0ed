from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from kaogong.data.store import (
    Store,
    collect_garbage,
    document_names,
    read_document,
    verify_object,
    writing,
)
from kaogong.language.finding import Refused


def _keep(store: Store, content: bytes, named: str | None = None) -> str:
    with writing(store) as writer:
        file = writer.folder / "new"
        file.write_bytes(content)
        kept = writer.keep_file(file)
        if named:
            writer.keep_document("snapshots", named, {"files": [{"sha256": kept.sha256}]})
    return kept.sha256


def test_a_file_lies_under_its_hash_and_cannot_be_written(store: Store) -> None:
    sha256 = _keep(store, b"abc")
    assert sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    path = store.object_path(sha256)
    assert path.relative_to(store.root).as_posix() == f"objects/sha256/ba/{sha256[2:]}.parquet"
    assert path.stat().st_mode & 0o222 == 0
    assert list((store.root / "incoming").iterdir()) == []


def test_the_same_content_is_kept_once(store: Store) -> None:
    sha256 = _keep(store, b"abc")
    before = store.object_path(sha256).stat()
    assert _keep(store, b"abc") == sha256
    assert store.object_path(sha256).stat().st_ino == before.st_ino


def test_a_document_is_canonical_and_the_first_one_stays(store: Store) -> None:
    with writing(store) as writer:
        path = writer.keep_document("freezes", "f", {"b": "乙", "a": [1, None]})
        writer.keep_document("freezes", "f", {"other": True})
    assert path.read_text(encoding="utf-8") == '{"a":[1,null],"b":"乙"}\n'
    assert read_document(store, "freezes", "f") == {"a": [1, None], "b": "乙"}


def test_a_float_has_no_place_in_a_document(store: Store) -> None:
    with writing(store) as writer, pytest.raises(TypeError, match="float"):
        writer.keep_document("freezes", "f", {"share": 0.5})  # type: ignore[dict-item]
    assert document_names(store, "freezes") == []


def test_garbage_is_what_no_document_names(store: Store) -> None:
    named = _keep(store, b"named", "s1")
    idle = _keep(store, b"idle")
    (store.root / "incoming" / "left").mkdir()
    collected = collect_garbage(store)
    assert (collected.objects, collected.leftovers, collected.bytes) == ((idle,), 1, 4)
    assert verify_object(store, named).read_bytes() == b"named"
    assert not store.object_path(idle).exists()
    assert collect_garbage(store).objects == ()


def test_a_store_that_is_not_there_has_no_garbage(store: Store) -> None:
    assert collect_garbage(store).objects == ()
    assert not store.root.exists()


def test_nothing_is_collected_while_a_document_cannot_be_read(store: Store) -> None:
    idle = _keep(store, b"idle", "s1")
    store.document_path("snapshots", "s1").write_text("{", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        collect_garbage(store)
    assert [f.id for f in refused.value.findings] == ["KG848"]
    assert store.object_path(idle).exists()


def test_a_damaged_object_is_found(store: Store) -> None:
    sha256 = _keep(store, b"abc")
    path = store.object_path(sha256)
    path.chmod(0o644)
    path.write_bytes(b"abd")
    with pytest.raises(Refused, match="KG848"):
        verify_object(store, sha256)


KILLED = """
    import sys, time
    from pathlib import Path
    import duckdb
    from kaogong.data import ranges, store
    from tests.data.region import take

    at = sys.argv[2]
    opened = store.Store(Path(sys.argv[1]))

    def stop(*_, **__):
        print("here", flush=True)
        time.sleep(60)

    if at == "file":
        ranges.Writer.keep_file = stop
    elif at == "rename":
        store._move = stop
    else:
        store.Writer.keep_document = stop
    take(duckdb.connect(), opened, changed=True)
"""


@pytest.mark.parametrize("moment", ["file", "rename", "document"])
def test_a_writer_killed_at_any_moment_leaves_the_last_snapshot_and_no_broken_one(
    store: Store, moment: str
) -> None:
    from duckdb import connect

    from tests.data.region import take

    with connect() as connection:
        before = take(connection, store)
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(store.root), moment]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        process.send_signal(signal.SIGKILL)
    assert document_names(store, "snapshots") == [before.id]
    for file in before.files:
        verify_object(store, file.sha256)
    collected = collect_garbage(store)
    assert collected.leftovers == 1
    assert len(collected.objects) == (1 if moment == "document" else 0)
    with connect() as connection:
        assert take(connection, store).id == before.id
        assert take(connection, store, changed=True).id != before.id
