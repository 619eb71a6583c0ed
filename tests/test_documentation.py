"""The documentation builds into pages that need no network, and a broken link is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import build_docs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "part").mkdir()
    (tmp_path / "index.md").write_text("# Start\n\n[one](part/one.md#second-thing)\n", "utf-8")
    (tmp_path / "part" / "one.md").write_text("# One\n\n## Second thing\n\n## 第二节\n", "utf-8")
    return tmp_path


def test_every_link_of_the_project_leads_somewhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert build_docs.main(["--check"]) == 0, capsys.readouterr().err


def test_sound_links_give_no_sentence(folder: Path) -> None:
    assert list(build_docs.broken_links(build_docs.read_folder(folder), folder)) == []


@pytest.mark.parametrize(
    "link", ["two.md", "part/one.md#third", "#nowhere", "../outside.md", "picture.png"]
)
def test_broken_link_is_told_with_its_page(folder: Path, link: str) -> None:
    (folder / "ill.md").write_text(f"# Ill\n\n[there]({link})\n", "utf-8")
    (sentence,) = build_docs.broken_links(build_docs.read_folder(folder), folder)
    assert "ill.md" in sentence
    assert link in sentence


def test_chinese_and_repeated_headings_have_their_own_anchors(folder: Path) -> None:
    page = folder / "part" / "one.md"
    page.write_text("# 一\n\n## 例\n\n## 例\n", "utf-8")
    assert build_docs.read_page(page, folder).anchors == {"一", "例", "例-1"}


def test_folder_without_index_gets_one(folder: Path) -> None:
    pages = build_docs.read_folder(folder)
    assert pages[Path("part/index.md")].links == ("one.md",)


def test_pages_name_nothing_from_elsewhere(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build_docs.write(build_docs.read_folder(folder), out)
    written = (out / "index.html").read_text("utf-8")
    assert 'href="part/one.html#second-thing"' in written
    assert 'id="second-thing"' in (out / "part" / "one.html").read_text("utf-8")
    assert not re.findall(r"(?:src|href)=\"https?:", written)
