/** What keys and the mouse do in an open picker, and in the text while it is open beside it. */

/** @typedef {import("./reference-picker.js").ReferencePicker} Picker */

/** @param {Picker} picker @param {import("./reference-text.js").ReferenceText} box */
export function listen(picker, box) {
  const leave = (/** @type {FocusEvent} */ event) => {
    const isNear = event.relatedTarget instanceof Node && box.contains(event.relatedTarget);
    if (!isNear && !picker.isDone) picker.remove();
  };
  picker.search?.addEventListener("input", () => picker.filter(picker.search?.value ?? ""));
  picker.addEventListener("keydown", (event) => onKey(picker, event));
  picker.addEventListener("focusout", leave);
  box.surface?.addEventListener("blur", leave, { once: true });
  // The form around is not told: nothing in here is part of it.
  for (const type of ["input", "change"]) picker.addEventListener(type, (event) => event.stopPropagation());
  // Pressing into the list leaves the focus, and so the caret, where it is.
  picker.find(".reference-list").addEventListener("pointerdown", (event) => event.preventDefault());
  picker.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("button, .reference-option") : null;
    if (pressed instanceof HTMLElement) press(picker, pressed);
  });
}

/** @param {Picker} picker @param {KeyboardEvent} event */
function onKey(picker, event) {
  const step = event.target === picker.search ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined;
  if (event.key === "Escape") picker.close();
  else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) picker.choose();
  else if (step && picker.list) picker.activate(picker.list.active + step);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {Picker} picker @param {HTMLElement} pressed */
function press(picker, pressed) {
  if (pressed.dataset.place) picker.activate(Number(pressed.dataset.place));
  if ("remove" in pressed.dataset) picker.put("");
  else if ("close" in pressed.dataset) picker.close();
  else picker.choose();
}

/** What is typed behind the brace; null once it is gone. @param {Picker} picker */
function typed({ range, box }) {
  const [start, caret] = [range?.start ?? 0, box?.last?.start ?? 0];
  return caret > start && box?.text?.[start] === "{" ? box.text.slice(start + 1, caret) : null;
}

/** The text has changed: what is typed is searched for, and ends the picker when nothing fits. @param {Picker | null} picker */
export function follow(picker) {
  if (!picker?.isTyped || !picker.range) return;
  const query = typed(picker);
  picker.range.end = picker.box?.last?.start ?? picker.range.end;
  if (query === null || /^\s/.test(query) || !picker.filter(query)) picker.remove();
}

/** A key in the text; whether it was meant for the picker. @param {Picker | null} picker @param {KeyboardEvent} event */
export function hear(picker, event) {
  if (event.key === "Escape" && picker) picker.remove();
  else if (event.key === "Enter" && picker?.list?.chosen && typed(picker)) picker.choose();
  else if (event.key === "ArrowDown" && picker?.search) {
    picker.search.value = typed(picker) ?? "";
    picker.search.focus();
  } else return false;
  return true;
}
