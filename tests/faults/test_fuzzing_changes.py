"""Every operation of the API that changes something, whatever it is given: never a 5xx.

That the harness finds a fault is shown in `test_fuzzing.py`.
"""

from pathlib import Path

import pytest
from tests.faults.fuzzing import assert_never_5xx, furnished_product, operations


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_no_changing_operation_answers_5xx(tmp_path: Path) -> None:
    async with furnished_product(tmp_path) as product:
        await assert_never_5xx(product, [found for found in operations() if found[0] != "get"])
