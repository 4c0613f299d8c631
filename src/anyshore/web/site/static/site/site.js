/* Small conveniences; every page works without them. */
"use strict";

// A button that cannot be undone asks once more.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const question = (button && button.dataset.confirm) || event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Ctrl+Enter sends the form one is in, else the decision of the page; a digit chooses; "n" takes the next work item.
const written = (place) => place.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog[open]");
const send = (form) => form.requestSubmit(form.querySelector("button[type=submit], button:not([type])"));
const choose = (number) => {
  const form = document.querySelector("[data-decision]");
  const groups = form ? [...form.querySelectorAll("fieldset")] : [];
  const group = groups.find((one) => one.contains(document.activeElement)) || groups[0];
  const choice = group && group.querySelectorAll("input[type=radio]")[number - 1];
  if (choice) { choice.focus({ preventScroll: true }); choice.click(); }
  return Boolean(choice);
};
document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !written(event.target);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const inside = event.target.closest("input, textarea, select");
    const form = (inside && inside.form) || document.querySelector("[data-decision]");
    if (form) { event.preventDefault(); send(form); }
  } else if (plain && /^[1-9]$/.test(event.key)) {
    if (choose(Number(event.key))) event.preventDefault();
  } else if (plain && event.key === "n") {
    const next = document.querySelector("[data-key=n]");
    if (next) next.click();
  }
});

// A dialog that Escape closes lets go of the focus at once: browsers do so only when they draw next, and a key pressed
// before that would be lost in what is closed.
document.addEventListener("cancel", (event) => {
  if (event.target.tagName === "DIALOG" && event.target.contains(document.activeElement)) document.activeElement.blur();
}, true);

// One begins at the decision, where something is wrong with it at that.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-decision]");
  const fields = "input:not([type=hidden]), textarea, select";
  const first = form && (form.querySelector(`.field-bad :is(${fields})`) || form.querySelector("input:checked") || form.querySelector(`${fields}, button`));
  if (first) first.focus({ preventScroll: !form.querySelector(".field-bad") });
});

// Where one lives is known to the browser.
document.querySelectorAll("[data-zone]").forEach((field) => { field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || ""; });

// A part that is fetched again by itself waits while somebody has something open or types in it.
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target;
  if (!part.hasAttribute("data-poll")) return;
  const busy = part.querySelector("details[open]") || (part.contains(document.activeElement) && part !== document.activeElement);
  if (busy) event.preventDefault();
});

// One box ticks all of its name.
document.addEventListener("change", (event) => {
  const name = event.target.dataset.all;
  if (!name) return;
  event.target.form.querySelectorAll(`input[type=checkbox][name="${name}"]`).forEach((one) => { one.checked = event.target.checked; });
});

// A link to evidence moves the source to its place and says so to screen readers.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-evidence]");
  if (!link) return;
  const mark = document.getElementById(link.dataset.evidence);
  if (!mark) return;
  event.preventDefault();
  document.querySelectorAll("mark.current").forEach((one) => one.classList.remove("current"));
  mark.classList.add("current");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  mark.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  mark.focus({ preventScroll: true });
});

// What can be scrolled sideways can be reached without a mouse, and shows that there is more.
const reachable = () => document.querySelectorAll(".scroll, .board, .sheet, pre").forEach((one) => {
  if (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight) one.tabIndex = 0;
  else if (one.tabIndex === 0 && !one.matches("pre.source")) one.removeAttribute("tabindex");
});
// On a narrow screen a table that does not fit is told row by row, each value with its heading: nothing is cut off.
const tell = (table) => {
  const heads = [...table.querySelectorAll("thead th")];
  const rows = [...table.querySelectorAll("tbody tr, tfoot tr")];
  if (!heads.length || table.matches(".stack, .compared") || heads.some((one) => one.colSpan > 1)) return;
  rows.forEach((row) => {
    let place = 0;
    [...row.cells].forEach((cell) => {
      const title = heads[place] && heads[place].textContent.trim();
      if (cell.tagName === "TD" && title && cell.colSpan === 1 && cell.textContent.trim()) cell.dataset.label = title;
      place += cell.colSpan;
    });
  });
  table.classList.add("stack");
};
const narrow = () => {
  if (!window.matchMedia("(max-width: 46rem)").matches) return;
  document.querySelectorAll(".scroll > table").forEach((table) => { if (table.parentElement.scrollWidth > table.parentElement.clientWidth + 2) tell(table); });
};
document.addEventListener("DOMContentLoaded", narrow);
document.addEventListener("htmx:afterSettle", narrow);
window.addEventListener("resize", narrow);

// A board that goes on to the right says so, until its last column is in view.
document.querySelectorAll(".board-frame").forEach((frame) => {
  const board = frame.firstElementChild;
  const tell = () => frame.classList.toggle("more", board.scrollLeft + board.clientWidth < board.scrollWidth - 4);
  board.addEventListener("scroll", tell, { passive: true });
  window.addEventListener("resize", tell);
  tell();
});
document.addEventListener("DOMContentLoaded", reachable);
document.addEventListener("htmx:afterSettle", reachable);
window.addEventListener("resize", reachable);
