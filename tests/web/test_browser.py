"""The board in a real browser: a contact arrives live, the page says when it is stale, and comes back."""

from __future__ import annotations

import pytest
from aiohttp import web
from playwright.async_api import async_playwright, expect

from metrics.instruments import Instruments
from router.api.app import build_app
from router.api.settings import Settings
from router.core.policy import CHANNELS
from tests.web.conftest import credentials

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"


class Site:
    """The application on a port of its own, which can go away and come back on the same one."""

    def __init__(self, door, vault):
        self._door, self._vault = door, vault
        self.port = 0

    async def start(self, *, demo=True):
        app = build_app(
            self._door,
            credentials(demo=demo),
            Settings(title="Agency"),
            vault=self._vault,
            hash_of=lambda policy: "beef",
            instruments=Instruments("main", CHANNELS),
        )
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self):
        await self._runner.cleanup()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"


@pytest.fixture
async def site(door, vault):
    site = Site(door, vault)
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def browser():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser):
    context = await browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: "Content Security" in said.text and page.faults.append(said.text))
    yield page
    assert page.faults == []
    await context.close()


async def contact(page, site, name):
    body = {"channel": "chat", "topic": "housing", "language": "fr", "contact": name}
    headers = {"Authorization": "Bearer supervisor"}
    answer = await page.request.post(f"{site.url}api/v1/contacts", data=body, headers=headers)
    assert answer.status == 201


async def test_a_contact_is_seen_to_arrive(page, site):
    await page.goto(site.url)
    await expect(page.locator("#connection")).to_have_class("live")
    await expect(page.locator("#waiting")).to_contain_text("Nobody is waiting")
    await contact(page, site, "c1")
    await expect(page.locator("#waiting tbody th")).to_contain_text("chat housing")
    await expect(page.locator("#figures .arrived .number")).to_have_text("1")


async def test_it_says_since_when_it_is_stale_and_comes_back(page, site, door):
    await page.goto(site.url)
    await expect(page.locator("#connection")).to_have_class("live")
    await site.stop()
    await expect(page.locator("#connection")).to_have_class("stale", timeout=10_000)
    await expect(page.locator("#connection")).to_contain_text("Stale since")
    await site.start()
    await expect(page.locator("#connection")).to_have_class("live", timeout=20_000)


async def test_a_narrow_screen_needs_no_sideways_scrolling(page, site):
    await page.set_viewport_size({"width": 320, "height": 800})
    for name in ("c1", "c2"):
        await contact(page, site, name)
    await page.goto(site.url)
    await expect(page.locator("#connection")).to_have_class("live")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_sign_in_by_keyboard(page, door, vault):
    site = Site(door, vault)
    await site.start(demo=False)
    try:
        await page.goto(site.url)
        await expect(page.get_by_label("Token")).to_be_focused()
        await page.keyboard.type("supervisor")
        await page.keyboard.press("Enter")
        await expect(page.locator("#connection")).to_have_class("live")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_label("Token")).to_be_visible()
    finally:
        await site.stop()
