"""What docs/how-to/design-a-flow.md promises, as its reader does it, against a real `guichet serve`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serve.process import Process
from tests.serve.test_commands import guichet

pytestmark = [pytest.mark.redis, pytest.mark.timeout(240)]


async def test_from_an_empty_file_to_a_published_flow_and_back(tmp_path: Path):
    site = Process(tmp_path)
    await site.start()
    try:
        url = ("--url", site.url)

        async def flow(*words: str, text: str = "") -> tuple[int, str]:
            code, out, err = await guichet("flow", *words, folder=tmp_path, text=text)
            return code, out + err

        assert (await flow("new", "town-hall", "--topic", "housing"))[0] == 0
        assert (await flow("new", "town-hall"))[0] == 2  # never over what is there
        code, said = await flow("check")
        assert (code, said.splitlines()[-1]) == (0, "1 flow, 13 nodes: 0 errors, 0 warnings")
        code, said = await flow("play", "town-hall", "--channel", "phone", text="2\n1\n2\n")
        assert "For our opening hours, press 1." in said
        assert "ended: done" in said
        code, said = await flow("test", "--junit", str(tmp_path / "report.xml"))
        assert (code, said.splitlines()[-1]) == (0, "6 passed, 0 failed")
        assert 'failures="0"' in (tmp_path / "report.xml").read_text()

        assert (await flow("publish", "town-hall", "--note", "the first", *url))[0] == 0
        file = tmp_path / "flows" / "town-hall.yaml"
        file.write_text(file.read_text().replace("Hello and welcome", "Hello"))
        code, said = await flow("diff", "town-hall", *url)
        assert code == 1
        assert "-      en: Hello and welcome." in said
        assert (await flow("publish", "town-hall", *url))[1].startswith("town-hall: 2 versions; live: 2")
        assert (await flow("rollback", "town-hall", *url))[1].startswith("town-hall: 2 versions; live: 1")
        assert "the first" in (await flow("versions", "town-hall", *url))[1]

        file.write_text(file.read_text().replace("next: language", "next: lnaguage"))
        code, said = await flow("publish", "town-hall", *url)
        assert code == 2
        assert "no node `lnaguage`: did you mean `language`?" in said
        assert "live: 1" in (await flow("versions", "town-hall", *url))[1]
        assert (await flow("replay", "s-0", *url))[0] == 2
        assert (await flow("close", "main", *url)) == (0, "closed by the switch: main\n")
        assert (await flow("close", "main", "--reopen", *url)) == (0, "nothing is closed by the switch\n")
    finally:
        await site.stop()
