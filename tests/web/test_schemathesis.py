"""The OpenAPI document and the running application agree: schemathesis, with every check, for three roles.

It sends some thousand requests, valid and not, follows links from answers to requests, takes off the token.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.web.conftest import bearer
from tests.web.test_contacts import create, ready

pytestmark = pytest.mark.server

SETTINGS = Path(__file__).parent / "schemathesis.toml"
TOKENS = ("operator", "supervisor", "ag01")


@pytest.mark.fuzz
@pytest.mark.timeout(300)  # seconds: ten on an idle machine
@pytest.mark.parametrize("token", TOKENS)
async def test_every_check_passes(client, token, tmp_path):
    await ready(client)
    await create(client)
    address = client.make_url("/api/v1/openapi.json")
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "schemathesis"), f"--config-file={SETTINGS}", "run", str(address),
        "--checks=all", "--max-examples=5", "--workers=1", "--warnings=off", "--no-color", "--seed=2026",
        "--header", f"Authorization: {bearer(token)['Authorization']}",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path,
    )  # fmt: skip
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, said.decode()


async def test_the_document_is_of_the_same_types(client):
    document = json.loads(await (await client.get("/api/v1/openapi.json")).read())
    assert document["openapi"] == "3.1.0"
    assert {"/api/v1/contacts", "/api/v1/notices", "/api/v1/agencies"} <= document["paths"].keys()
    created = document["paths"]["/api/v1/contacts"]["post"]
    assert created["security"] == [{"token": []}]
    statuses = {"200", "201", "400", "401", "403", "404", "409", "413", "415", "422", "500", "503"}
    assert created["responses"].keys() == statuses
    new = document["components"]["schemas"]["NewContact"]
    assert new["additionalProperties"] is False
    assert set(new["properties"]["channel"]["enum"]) == {
        "phone", "chat", "email", "callback", "counter", "appointment", "outreach",
    }  # fmt: skip
