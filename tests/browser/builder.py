"""What a builder does in the editor: clicks, types and pastes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

PASTE = "ControlOrMeta+v"
_MARK = "(box) => { box.dataset.old = 1; }"


@dataclass(frozen=True)
class Rule:
    """What a rule looks at (a field, a variable or the step itself), how, and with what."""

    step: str
    name: str
    operator: str
    value: str = ""

    @property
    def source(self) -> str:
        """How the dialog lists it."""
        return f"{self.step}: {self.name}"


@dataclass(frozen=True)
class Builder:
    """A person with a workflow open in the editor."""

    page: Page

    @property
    def workflow_id(self) -> str:
        """The number in the address."""
        return str(re.findall(r"/workflows/(\d+)/", self.page.url)[0])

    @property
    def step_id(self) -> str:
        """The last number in the address."""
        return str(re.findall(r"\d+", self.page.url)[-1])

    @property
    def panel(self) -> Locator:
        """The list of steps at the left."""
        return self.page.locator("#part-panel")

    def add_step(self, kind: str, name: str) -> None:
        """**+ Add step**, a kind ("Integration > Custom integration"), and its name."""
        before = self.page.url
        self.page.locator("#add-step").click()
        for part in kind.split(" > "):
            items = self.panel.locator(".add-step .menu-item")
            items.filter(has_text=re.compile(rf"^\s*{part}")).first.click()
        self.page.wait_for_url(lambda url: url != before)
        self.fill(self.page.get_by_label("Step name"), name)

    def open_step(self, name: str) -> None:
        """Click a step in the panel."""
        named = self.page.locator(".step-name", has_text=re.compile(rf"^\s*{re.escape(name)}"))
        self.panel.locator(".step-link").filter(has=named).click()
        expect(self.page.get_by_label("Step name")).to_have_value(name)

    def step_menu(self, name: str, item: str) -> None:
        """The … of a step in the panel."""
        self.page.get_by_role("button", name=f"More for {name}", exact=True).click()
        self.page.locator(".menu-sheet:popover-open").get_by_role("button", name=item).click()
        self.saved()

    def fill(self, box: Locator, text: str) -> None:
        """Type into a box and leave it."""
        box.fill(text)
        box.press("Tab")
        self.saved()

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=True).select_option(label=option)
        self.saved()

    def paste(self, box: Locator, text: str) -> None:
        """Put a text on the clipboard and paste it over what is in the box."""
        self.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
        box.click()
        box.press("ControlOrMeta+a")
        box.press(PASTE)

    def text(self, label: str) -> Locator:
        """A box that may hold references, by its label."""
        return self.page.get_by_role("textbox", name=label, exact=True)

    def paste_text(self, label: str, text: str) -> None:
        """Paste over a text and leave the box."""
        self.paste(self.text(label), text)
        self.text(label).press("Tab")
        self.saved()

    def add_header(self, name: str, value: str) -> None:
        """**+ Add header**."""
        headers = self.page.get_by_role("group", name="Headers")
        headers.get_by_role("button", name="+ Add header").click()
        row = headers.locator(".table-row").last
        row.locator("input").first.fill(name)
        self.paste(row.get_by_role("textbox", name="Header value"), value)
        row.get_by_role("textbox", name="Header value").press("Tab")
        self.saved()

    def add_variable(self, name: str, path: str) -> None:
        """**+ Add variable**."""
        variables = self.page.get_by_role("group", name="Variables")
        variables.get_by_role("button", name="+ Add variable").click()
        row = variables.locator(".table-row").last
        row.get_by_label("Name").fill(name)
        row.get_by_label("Value").fill(path)
        row.get_by_label("Value").press("Tab")
        self.saved()

    def add_field(self, kind: str, name: str) -> Locator:
        """**+ Add Form field**, and its name; its card."""
        cards = self.page.locator(".field-card")
        count = cards.count()
        self.page.locator("#add-field").click()
        self.page.locator("#fields-form").get_by_role("button", name=kind, exact=True).click()
        expect(cards).to_have_count(count + 1)
        card = cards.last
        self.fill(card.get_by_label("Name", exact=True), name)
        return card

    def add_radio(self, name: str, items: Iterable[str], *, also: Iterable[str] = ()) -> None:
        """A radio with these items and further settings ticked."""
        card = self.add_field("Radio", name)
        self.fill(card.get_by_label("Items"), "\n".join(items))
        for setting in also:
            self.tick(card, setting)

    def tick(self, card: Locator, setting: str) -> None:
        """Tick a setting of a field, behind its gear."""
        if not card.get_by_label(setting).is_visible():
            card.get_by_text("Settings", exact=True).click()
        card.get_by_label(setting).check()
        self.saved()

    def field_id(self, name: str) -> str:
        """What the ID icon of a field copies."""
        card = self.card(name)
        card.get_by_role("button", name="Copy Form field ID").click()
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def card(self, name: str) -> Locator:
        """The card of a field."""
        number = next(
            place
            for place, box in enumerate(self.page.locator(".field-card [name=name]").all())
            if box.input_value() == name
        )
        return self.page.locator(".field-card").nth(number)

    def add_conditions(self, *rules: Rule, match: str = "All") -> None:
        """**Add conditions**, the rules, **Save conditions**."""
        self.page.locator("#add-condition").click()
        dialog = self.page.get_by_role("dialog")
        for number, rule in enumerate(rules, 1):
            if number > 1:
                dialog.get_by_role("button", name="Add rule", exact=True).click()
            self._choose(dialog.get_by_label(f"What rule {number} looks at"), rule.source)
            self._choose(dialog.get_by_label(f"How rule {number} compares"), rule.operator)
            if rule.value:
                self._enter(dialog.get_by_label(f"Value of rule {number}"), rule.value)
        if match != "All":
            dialog.get_by_label("Of these rules").select_option(label=match)
        dialog.get_by_role("button", name="Save conditions").last.click()
        expect(dialog).to_have_count(0)
        self.saved()

    def _choose(self, box: Locator, wanted: str) -> None:
        """Choose in the dialog, which then asks the server what fits."""
        option = box.locator("option").filter(has_text=re.compile(rf"^\s*{re.escape(wanted)}"))
        value = str(option.first.get_attribute("value"))
        if box.input_value() != value:
            box.evaluate(_MARK)
            box.select_option(value=value)
            self._is_refitted()

    def _enter(self, box: Locator, value: str) -> None:
        if box.evaluate("(one) => one.tagName") == "SELECT":
            self._choose(box, value)
            return
        if box.input_value() == value:
            return
        box.fill("")
        box.press_sequentially(value)
        box.evaluate(_MARK)
        box.press("Tab")
        self._is_refitted()

    def _is_refitted(self) -> None:
        """The server has said what fits, and the old boxes are gone."""
        expect(self.page.locator("[data-old]")).to_have_count(0)

    def saved(self) -> None:
        """Wait until everything is saved."""
        expect(self.page.locator("[data-save-state]")).to_have_text(re.compile("Saved"))
        expect(self.page.locator("form[data-dirty]")).to_have_count(0)

    def publish(self) -> None:
        """**Publish**, with every warning looked at."""
        self.page.get_by_role("link", name="Publish", exact=True).click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog.get_by_role("button", name="Publish")).to_be_visible()
        for box in dialog.get_by_role("checkbox").all():
            box.check()
        dialog.get_by_role("button", name="Publish").click()
        expect(dialog).to_have_count(0)
