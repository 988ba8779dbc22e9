/**
 * <live-part src="/…/live" every="2">…</live-part>: asks for its content again and again and swaps
 * in only what changed, so that focus, typed text and opened details stay.
 *
 * An unchanged part costs a 304. Nothing is asked while the tab is hidden. An answer that is no
 * fragment (signed out, gone) ends the asking. `X-Reload: 1` reloads the whole page.
 */
class LivePart extends HTMLElement {
  connectedCallback() {
    this.etag = this.getAttribute("etag") ?? "";
    this.wait = Number(this.getAttribute("every") ?? 2) * 1000;
    this.whenShown = () => document.hidden || this.ask();
    document.addEventListener("visibilitychange", this.whenShown);
    this.timer = setTimeout(() => this.ask(), this.wait);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.whenShown);
    clearTimeout(this.timer);
  }

  async ask() {
    clearTimeout(this.timer);
    if (document.hidden || !this.isConnected) return;
    let isOver = false;
    try {
      const answer = await fetch(this.getAttribute("src") ?? "", {
        headers: this.etag ? { "If-None-Match": this.etag } : {},
        cache: "no-store", redirect: "manual",
      });
      isOver = answer.type === "opaqueredirect" || [403, 404, 410].includes(answer.status);
      if (answer.headers.get("X-Reload")) location.reload();
      else if (answer.ok) await this.take(answer);
    } catch { /* The server is away: ask again later. */ }
    if (!isOver && this.isConnected) this.timer = setTimeout(() => this.ask(), this.wait);
  }

  /** @param {Response} answer */
  async take(answer) {
    this.etag = answer.headers.get("ETag") ?? "";
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    blend(this, fresh.content);
  }
}

/**
 * Make the children of `old` like those of `fresh`, touching only what differs.
 * @param {Element} old
 * @param {Element | DocumentFragment} fresh
 */
function blend(old, fresh) {
  const [mine, theirs] = [[...old.children], [...fresh.children]];
  const isAlike = mine.length === theirs.length
    && mine.every((child, place) => child.tagName === theirs[place].tagName);
  if (!isAlike || theirs.length === 0) return replaceChildren(old, fresh);
  mine.forEach((child, place) => blendOne(child, theirs[place]));
}

/** @param {Element} child @param {Element} theirs */
function blendOne(child, theirs) {
  if (child.tagName === "DETAILS") theirs.toggleAttribute("open", child.hasAttribute("open"));
  if (child.isEqualNode(theirs) || isSettled(child, theirs)) return;
  if (child.cloneNode().isEqualNode(theirs.cloneNode()) && hasOnlyElements(child)) blend(child, theirs);
  else child.replaceWith(theirs);
}

/** @param {Element} old @param {Element | DocumentFragment} fresh */
function replaceChildren(old, fresh) {
  const open = new Set([...old.querySelectorAll("details[open][id]")].map((one) => one.id));
  for (const one of fresh.querySelectorAll("details[id]")) one.toggleAttribute("open", open.has(one.id) || one.hasAttribute("open"));
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : "";
  const next = [...fresh.childNodes].map((node) => kept(old, node) ?? node);
  for (const one of [...old.childNodes]) if (!next.includes(one)) one.remove();
  next.forEach((one, place) => old.childNodes[place] === one || old.insertBefore(one, old.childNodes[place] ?? null));
  if (focused) document.getElementById(focused)?.focus();
}

/** The named child that the fresh one stands for, as it is now: what was typed in it stays when a form beside it goes. @param {Element} old @param {ChildNode} fresh */
function kept(old, fresh) {
  if (!(fresh instanceof Element) || !(fresh.id || fresh.hasAttribute("aria-labelledby"))) return undefined;
  const found = [...old.children].find((one) => one.cloneNode().isEqualNode(fresh.cloneNode()));
  if (!found || !hasOnlyElements(found)) return undefined;
  blend(found, fresh);
  return found;
}

/** Our elements add to what the server sent: they are the same while what they show is. @param {Element} a @param {Element} b */
function isSettled(a, b) {
  const shown = (/** @type {Element} */ one) => one.querySelector("time")?.dateTime ?? one.querySelector("code")?.textContent;
  return a.tagName.includes("-") && shown(a) !== undefined && shown(a) === shown(b);
}

/** @param {Element} element */
function hasOnlyElements(element) {
  return [...element.childNodes].every((node) => node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim());
}

customElements.define("live-part", LivePart);
