"""An artefact comes back as it was saved, shows any change, and can hold nothing that would be executed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from bihuan.kit import models
from bihuan.kit.errors import Invalid, NotFound
from bihuan.kit.files import Files, Folder
from bihuan.kit.postgres import Tx
from bihuan.kit.testing import A_TRADING_MORNING as NOW

names = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\"), min_size=1, max_size=20)
arrays = st.dictionaries(
    names, nps.arrays(nps.boolean_dtypes() | nps.integer_dtypes() | nps.floating_dtypes(), nps.array_shapes(min_side=0))
)


@given(arrays)
def test_arrays_come_back_bit_by_bit(given_arrays: dict[str, Any]) -> None:
    packed = models._packed(given_arrays)
    back = models._unpacked(packed)
    assert back.keys() == given_arrays.keys()
    for name, array in given_arrays.items():
        assert back[name].dtype == array.dtype
        np.testing.assert_array_equal(back[name], array)
    assert models._packed(back) == packed


async def kept(tx: Tx, files: Files, weight: float = 1.0) -> models.Version:
    content = {"weights": np.array([weight, 2.0]), "columns": np.array(["年龄", "assets"])}
    return await models.save(tx, files, "churn", {"kind": "logistic"}, content, {"auc": 0.8, "rows": 100}, NOW)


async def test_a_version_is_in_use_once_promoted_and_an_older_one_may_come_back(tx: Tx, tmp_path: Path) -> None:
    files = Folder(tmp_path)
    first, second = await kept(tx, files), await kept(tx, files, 5.0)
    assert (first.version, second.version, first.report) == (1, 2, {"auc": 0.8, "rows": 100})
    with pytest.raises(NotFound, match="promote"):
        await models.load(tx, files, "churn")
    for n, version in enumerate((2, 1)):
        await models.promote(tx, "churn", version, NOW + timedelta(minutes=n))
        found = await models.load(tx, files, "churn")
        assert found.version.version == version
    assert found.document == {"kind": "logistic"}
    assert found.arrays["weights"].tolist() == [1.0, 2.0]
    assert found.arrays["columns"].tolist() == ["年龄", "assets"]
    assert [v.version for v in await models.versions(tx, "churn")] == [2, 1]
    with pytest.raises(NotFound):
        await models.promote(tx, "churn", 3, NOW)


@pytest.mark.parametrize("file", ["model.json", "arrays.npz"])
async def test_files_that_were_changed_are_not_loaded(tx: Tx, tmp_path: Path, file: str) -> None:
    files = Folder(tmp_path)
    await kept(tx, files)
    path = tmp_path / f"models/churn/000001/{file}"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(models.Damaged):
        await models.load(tx, files, "churn", 1)


@pytest.mark.parametrize("array", [np.array([{"a": 1}], dtype=object), np.array([b"x"])])
async def test_only_plain_values_are_kept(tx: Tx, tmp_path: Path, array: Any) -> None:
    with pytest.raises(Invalid, match="hold numbers"):
        await models.save(tx, Folder(tmp_path), "churn", {}, {"odd": array}, {}, NOW)


@pytest.mark.parametrize("name", ["", "../up", "Churn", "a/b", "a" * 61])
async def test_a_name_is_a_name(tx: Tx, tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid, match="small letters"):
        await models.save(tx, Folder(tmp_path), name, {}, {}, {}, NOW)
