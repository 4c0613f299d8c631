/* Small conveniences; every page works without them. */
"use strict";

// A button that cannot be undone asks once more.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const question = (button && button.dataset.confirm) || event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Ctrl+Enter sends the form one is typing in; "n" takes the next work item.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing && typing.form) {
    event.preventDefault();
    const button = typing.form.querySelector("button[type=submit], button:not([type])");
    typing.form.requestSubmit(button);
  } else if (event.key === "n" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const next = document.querySelector("[data-key=n]");
    if (next) next.click();
  }
});

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
