/**
 * <draft-room revision="7">…</draft-room>: sends the forms within it one after the other, and hands
 * the parts of each answer to the <edit-part> of the same id. Focus stays where it was, or goes
 * where `data-return` around the pressed button says.
 */
class DraftRoom extends HTMLElement {
  connectedCallback() {
    this.queue = Promise.resolve();
    this.addEventListener("submit", (event) => this.catch(event));
  }

  /** @param {SubmitEvent} event */
  catch(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    const method = button?.getAttribute("formmethod") ?? form.getAttribute("method");
    if (event.defaultPrevented || method !== "post") return;
    event.preventDefault();
    /** @type {HTMLElement | null | undefined} */ (button?.closest("[popover]"))?.hidePopover();
    this.send(form, button);
  }

  /** @param {HTMLFormElement} form @param {HTMLButtonElement | null} [button] */
  send(form, button) {
    const away = "Not saved: the server does not answer. Your next change tries again.";
    this.queue = this.queue.then(() => this.post(form, button)).catch(() => this.show(away, true));
    return this.queue;
  }

  /** @param {HTMLFormElement} form @param {HTMLButtonElement | null} [button] */
  async post(form, button) {
    const live = /** @type {HTMLFormElement} */ (form.isConnected ? form : document.getElementById(form.id) ?? form);
    const body = new URLSearchParams(/** @type {any} */ (new FormData(live)));
    if (button?.name) body.append(button.name, button.value);
    const sent = new Map([...live.elements].map((one) => [one, /** @type {HTMLInputElement} */ (one).value]));
    const back = [document.activeElement?.id, button?.closest("[data-return]")?.getAttribute("data-return")];
    delete live.dataset.dirty;
    this.show("Saving…");
    const answer = await fetch(live.action, { method: "POST", body, headers: { "X-Part": "1" }, redirect: "manual" });
    const next = answer.headers.get("X-Go");
    if (next) return location.assign(next);
    if (answer.type === "opaqueredirect") return location.reload();
    const fresh = parsed(await answer.text());
    const dialog = live.closest("dialog");
    if (!answer.ok) live.dataset.dirty = "";
    if (dialog && !answer.ok) return this.refuse(dialog, fresh);
    dialog?.close();
    if (live.id === "conflict-form") for (const one of this.querySelectorAll("form[data-dirty]")) one.removeAttribute("data-dirty");
    this.settle(fresh, answer.ok || button?.hasAttribute("data-move") ? "" : "part-refusal", live, sent);
    this.show(answer.ok ? "Saved" : "Not saved", !answer.ok);
    this.refocus([answer.ok ? "" : "refusal", ...back, "panel-title"]);
  }

  /**
   * Put parts in their places, all of them or one.
   * @param {DocumentFragment} fresh @param {string} [only] @param {HTMLFormElement} [own] @param {Map<Element, string>} [sent]
   */
  settle(fresh, only, own, sent) {
    const revision = /** @type {HTMLInputElement | null} */ (fresh.querySelector("input[name=revision]"));
    if (revision && !only) this.setAttribute("revision", revision.value);
    for (const part of fresh.querySelectorAll("edit-part")) {
      const old = /** @type {any} */ (document.getElementById(part.id));
      if (old && (!only || only === part.id)) old.update(part, own, sent);
    }
  }

  /** @param {HTMLDialogElement} dialog @param {DocumentFragment} fresh */
  refuse(dialog, fresh) {
    const place = dialog.querySelector("[data-refusal]");
    if (place) place.textContent = fresh.querySelector("[data-refusal]")?.textContent || "It was not saved.";
    this.show("Not saved", true);
  }

  /** @param {(string | null | undefined)[]} ids */
  refocus(ids) {
    const isLost = !document.activeElement || document.activeElement === document.body;
    if (!isLost && !ids[0]) return;
    const places = ids.map((id) => id && document.getElementById(id));
    for (const place of places) {
      if (place && !place.hasAttribute("disabled")) return place.focus();
    }
  }

  /** @param {string} words @param {boolean} [isFault] */
  show(words, isFault) {
    const state = this.querySelector("[data-save-state]");
    state?.classList.toggle("has-errors", Boolean(isFault));
    if (state?.lastElementChild) state.lastElementChild.textContent = words;
  }
}

/** @param {string} html */
function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

customElements.define("draft-room", DraftRoom);
