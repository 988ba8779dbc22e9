/**
 * <edit-part id="part-…">: a piece of the editor that takes its new content from an answer. What
 * somebody is typing in is left alone, with the revision its form was made from, so that the server
 * can merge what they write with what others changed.
 */
class EditPart extends HTMLElement {
  connectedCallback() {
    this.known ??= settled(this.innerHTML);
  }

  /** @param {Element} fresh @param {HTMLFormElement} [own] the form that was sent @param {Map<Element, string>} [sent] */
  update(fresh, own, sent) {
    const html = settled(fresh.innerHTML);
    for (const form of this.querySelectorAll("form")) {
      const theirs = /** @type {HTMLFormElement | null} */ (form.id ? fresh.querySelector(`#${form.id}`) : null);
      if (theirs && form === own && sent) follow(form, theirs, sent);
      else if (theirs && !isBusy(form) && html === this.known) copyRevision(form, theirs);
    }
    if (html === this.known) return;
    this.known = html;
    const [old, next] = [this.firstElementChild, fresh.firstElementChild];
    keepOpen(this, fresh);
    const menus = [...this.querySelectorAll(":popover-open")].map((one) => one.id);
    if (old && next && [...this.querySelectorAll("form")].some(isBusy)) this.blend(old, next);
    else this.replaceChildren(...fresh.childNodes);
    for (const id of menus) reopen(document.getElementById(id));
    document.title = this.querySelector("header")?.dataset.title ?? document.title;
  }

  /** Exchange block by block but for those that are being typed in. @param {Element} old @param {Element} fresh */
  blend(old, fresh) {
    const blocks = [...fresh.children];
    const staying = new Set(blocks.map((one) => one.id).filter(Boolean));
    for (const child of [...old.children]) if (child.id && !staying.has(child.id)) child.remove();
    let before = null;
    for (const block of blocks) {
      const mine = block.id ? old.querySelector(`:scope > #${block.id}`) : null;
      if (mine && !hasBusy(mine)) mine.replaceWith(block);
      else if (!mine && block.id) old.insertBefore(block, before ? before.nextSibling : old.firstChild);
      before = mine && hasBusy(mine) ? mine : block.isConnected ? block : before;
    }
  }
}

/** Without what differs in every answer. @param {string} html */
function settled(html) {
  return html.replace(/name="(csrfmiddlewaretoken|revision)" value="[^"]*"/g, "");
}

/** @param {Element} block */
function hasBusy(block) {
  return [...block.querySelectorAll("form")].some(isBusy) || (block instanceof HTMLFormElement && isBusy(block));
}

/** Whether somebody types in the form, or has something in it that is not sent yet. @param {HTMLFormElement} form */
function isBusy(form) {
  const active = document.activeElement;
  const isTyping = Boolean(active?.matches("input, textarea, select, [contenteditable]"));
  return form.dataset.dirty !== undefined || (isTyping && form.contains(active));
}

/**
 * Take what the server made of a form that was sent, but for what was typed since.
 * @param {HTMLFormElement} form @param {HTMLFormElement} theirs @param {Map<Element, string>} sent
 */
function follow(form, theirs, sent) {
  copyRevision(form, theirs);
  const [mine, new_] = [form, theirs].map((one) => /** @type {HTMLInputElement[]} */ ([...one.elements].filter((control) => control.hasAttribute("name") && /** @type {any} */ (control).type !== "hidden")));
  if (mine.map((one) => one.name).join() !== new_.map((one) => one.name).join()) return;
  mine.forEach((one, place) => {
    if (one.value !== sent.get(one) || one.value === new_[place].value || ["checkbox", "radio"].includes(one.type)) return;
    one.value = new_[place].value;
    const box = /** @type {any} */ (one.closest("reference-text"));
    if (box?.redraw) Object.assign(box, { text: one.value }).redraw();
  });
}

/** @param {HTMLFormElement} form @param {HTMLFormElement} theirs */
function copyRevision(form, theirs) {
  const [mine, new_] = [form, theirs].map((one) => /** @type {HTMLInputElement | null} */ (one.querySelector("input[name=revision]")));
  if (mine && new_) mine.value = new_.value;
}

/** A menu that somebody opened stays open. @param {HTMLElement | null} menu */
function reopen(menu) {
  const source = menu?.parentElement?.querySelector("[popovertarget]");
  if (menu && !menu.matches(":popover-open")) /** @type {any} */ (menu).showPopover({ source });
}

/** @param {Element} old @param {Element} fresh */
function keepOpen(old, fresh) {
  for (const one of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${one.id}`)?.setAttribute("open", "");
}

customElements.define("edit-part", EditPart);
