"""Looking at a page: no grave fault of accessibility, nothing wider than a phone, no style or script of its own.

With IMR_PICTURES=FOLDER the pages that the tour shows are kept as pictures.
"""

import hashlib
import os
import re
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image
from playwright.sync_api import expect
from tests.factories import story

from imr.web import accounts
from imr.web.platform.authentication import needs_second_factor

#: The pages that show pictures: no other is taken.
TOLD = "".join((Path(__file__).parents[2] / page).read_text() for page in ("README.md", "docs/tour.md"))
#: What axe looks for: the rules of WCAG 2.2 A and AA, and good practice; only what is wrong is told.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # of style sheets, which none of these rules reads
}
#: Faults that no page may have, by axe's words.
GRAVE = ("serious", "critical")
#: A value that each answer draws again.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
#: The pages that axe has passed in this process: it says the same of the same page again, and takes a second of a processor.
PASSED: set[str] = set()

#: Milliseconds that a browser waits for what a test expects: on a loaded machine a page takes seconds. What is there is not waited for.
PATIENCE = 45_000
expect.set_options(timeout=PATIENCE)

#: What stands out of the page on its right, where the page is wider than the window.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *, header *")]
    .filter(found => found.getBoundingClientRect().right > innerWidth).map(found => found.outerHTML.slice(0, 120))"""

#: What is ticked or chosen above or below its words instead of beside them.
APART = """() => [...document.querySelectorAll("main input[type=checkbox], main input[type=radio]")]
    .filter(box => box.offsetParent && box.labels.length).filter(box => {
        const mark = box.getBoundingClientRect(), words = box.labels[0].getBoundingClientRect();
        return words.top >= mark.bottom || mark.top >= words.bottom;
    }).map(found => found.outerHTML.slice(0, 120))"""


class Visitor:
    """Somebody in a browser of their own, who looks at every page that they open."""

    def __init__(self, browser, address, axe=None, *, script=True, width=1100, scheme="light"):
        self.context = browser.new_context(
            base_url=address,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="en-US",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.axe, self.width, self.address = axe, width, address
        self.how = f"{script} {width} {scheme}"
        self.stopped, self.seen = [], set()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda fault: self.stopped.append(str(fault)))

    def _hear(self, said):
        # axe and the camera style the page that they look at, which the policy stops: pages are asked for styles below.
        if said.type == "error" and "Applying inline style" not in said.text:
            self.stopped.append(said.text)

    def follow(self, control, *, key=""):
        """Click a control that opens another page, or press a key on it, and wait until that page has loaded.

        A bare click returns before the browser has left the old page: who looks then may see either.
        """
        with control.page.expect_navigation():
            control.press(key) if key else control.click()

    def sign_in(self, email, *, at=""):
        page = self.page
        page.goto(f"{at}/account/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(story.PASSWORD)
        self.follow(page.get_by_role("button", name="Sign In"))
        for _ in range(2):  # a code may run out while it is typed
            if "/2fa/" not in page.url:
                break
            self.look()
            page.get_by_label("Code", exact=True).fill(accounts.code(email))
            self.follow(page.get_by_role("button", name="Sign In"))
        assert "/account/" not in page.url, f"{email} cannot sign in"
        return self

    def take_session(self, person):
        """Be signed in, with a second factor where this person needs one, without the pages that ask for it."""
        signed_in = story.client(person, "totp" if needs_second_factor(person) else None)
        cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])

    def _shown(self):
        """A digest of the open page as this browser shows it."""
        return hashlib.sha256(f"{self.how} {TOKEN.sub('', self.page.content())}".encode()).hexdigest()

    def look(self, picture=""):
        """Look at the open page; each kind of page is looked at whole once."""
        page = self.page
        assert not self.stopped, f"{page.url}: {self.stopped}"
        apart = page.evaluate(APART)
        assert not apart, f"{page.url}: words that are not beside their box: {apart}"
        if (
            self.axe is not None
            and (page.url, page.title()) not in self.seen
            and (shown := self._shown()) not in PASSED
        ):
            self.seen.add((page.url, page.title()))
            expect(page.locator("[style], style, script:not([src]):not([type='application/json'])")).to_have_count(0)
            found = self.axe.run(page, options=AXE).response["violations"]
            grave = [
                f"{fault['id']}: {fault['help']}: {[node['html'][:200] for node in fault['nodes'][:3]]}"
                for fault in found
                if fault["impact"] in GRAVE
            ]
            assert not grave, f"{page.url}: " + "\n".join(grave)
            page.set_viewport_size({"width": 360, "height": 740})
            wide = page.evaluate(TOO_WIDE)
            assert not wide, f"{page.url} is wider than a phone of 360 pixels: {wide}"
            page.set_viewport_size({"width": self.width, "height": 900})
            PASSED.add(shown)
        if picture:
            take_picture(page, picture)
        return self

    def done(self):
        self.context.close()


def take_picture(page, name):
    """Keep the page as a picture of the tour, where a folder for them is given."""
    folder = os.environ.get("IMR_PICTURES")
    if not folder or f"pictures/{name}.png" not in TOLD:
        return
    before = page.viewport_size
    page.set_viewport_size({"width": 390 if name.endswith("phone") else 1100, "height": 900})
    shot = page.screenshot(full_page=True)
    page.set_viewport_size(before)
    image = Image.open(BytesIO(shot)).convert("RGB")
    tallest = 1500
    image = image.crop((0, 0, image.width, min(image.height, tallest)))
    Path(folder).mkdir(parents=True, exist_ok=True)
    image.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        Path(folder) / f"{name}.png", optimize=True
    )
