"""The file store: the same behaviour from a folder and from a bucket of a real S3 endpoint."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from bihuan.kit.errors import Invalid, NotFound, Unavailable
from bihuan.kit.files import Files, files_at


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 endpoint with an empty bucket `firm`, which the environment points to."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    given = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "firm",
        "AWS_SECRET_ACCESS_KEY": "firm",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        patch.setenv("NO_PROXY", "127.0.0.1")
        boto3.client("s3", endpoint_url=url).create_bucket(Bucket="firm")
        yield url
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """Both stores, one after the other."""
    if request.param == "folder":
        return files_at("", tmp_path)
    request.getfixturevalue("endpoint")
    return files_at("s3://firm/bihuan/", tmp_path)


class BrokenOffError(Exception):
    """Whoever was writing did not get to the end."""


def half(files: Files, name: str) -> None:
    """Begin to write and break off."""
    with files.write(name) as handle:
        handle.write(b"half")
        raise BrokenOffError


def test_a_file_comes_back_and_may_be_replaced(files: Files) -> None:
    for content in (b"first", b"second, " * 2_000_000, b""):
        with files.write("imports/拒绝 1.csv") as handle:
            handle.write(content)
        assert files.read("imports/拒绝 1.csv") == content


def test_what_breaks_off_leaves_the_file_as_it_was(files: Files) -> None:
    with files.write("a/b.csv") as handle:
        handle.write(b"whole")
    with pytest.raises(BrokenOffError):
        half(files, "a/b.csv")
    assert files.read("a/b.csv") == b"whole"


def test_what_is_not_there_is_said(files: Files) -> None:
    with pytest.raises(NotFound):
        files.read("a/nothing.csv")


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/../../x", "/etc/passwd", "a\0b", "..\\x"])
def test_names_stay_inside(files: Files, name: str) -> None:
    for use in (files.read, files.location):
        with pytest.raises(Invalid):
            use(name)
    with pytest.raises(Invalid), files.write(name):
        pass


def test_a_person_finds_it(endpoint: str, tmp_path: Path) -> None:
    assert files_at("", tmp_path).location("a/b") == str(tmp_path / "a" / "b")
    assert files_at("s3://firm/bihuan", tmp_path).location("a/b") == "s3://firm/bihuan/a/b"


def test_a_folder_keeps_no_drafts(tmp_path: Path) -> None:
    with pytest.raises(BrokenOffError):
        half(files_at("", tmp_path), "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["http://firm", "s3://", "s3:///", "firm"])
def test_another_address_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        files_at(url, tmp_path)


def test_a_store_that_is_away_is_unavailable(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    files = files_at("s3://firm", tmp_path)
    with pytest.raises(Unavailable):
        files.read("x")


def test_a_bucket_that_is_not_there_is_unavailable(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable), files_at("s3://nobody", tmp_path).write("x") as handle:
        handle.write(b"lost?")
