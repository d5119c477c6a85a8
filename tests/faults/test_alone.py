"""A process that is started alone finds the engines of its folder, or brings its own."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx
import pytest

from bihuan.kit.engines import free_port


async def started(*words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bihuan", *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    out, err = await asyncio.wait_for(process.communicate(), 120)
    return process.returncode, out.decode(), err.decode()


async def answers(url: str, server: asyncio.subprocess.Process) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        for _ in range(600):
            assert server.returncode is None, (await ended(server))[2]
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)
    raise AssertionError("it never got ready")


@pytest.mark.fault
@pytest.mark.slow
async def test_a_server_alone_starts_what_it_needs_and_others_go_through_it(tmp_path: Path) -> None:
    port, data = free_port(), str(tmp_path / "data")
    server = await started("server", "--data", data, "--port", str(port))
    try:
        await answers(f"http://127.0.0.1:{port}", server)
        added = await ended(await started("staff", "add", "--login", "boss", "--name", "王", "--role", "operator",
                                          "--data", data))  # fmt: skip
        assert added[0] == 0, added[2]
        password = added[1].split()[1]
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            sign_in = {"login": "boss", "password": password}
            answer = await client.post(f"http://127.0.0.1:{port}/api/v1/session", json=sign_in)
        assert answer.status_code == 200
        wrong = await ended(await started("keys", "revoke", "--id", "nonsense", "--data", data))
        assert (wrong[0], wrong[1]) == (2, "")
        assert wrong[2].startswith("bihuan: 'nonsense' is no id")
    finally:
        server.send_signal(signal.SIGTERM)
        code, _, _ = await ended(server)
    assert code == 0
