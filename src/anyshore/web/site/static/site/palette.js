/* The palette: Ctrl+K opens it, and "/" where the page has no use of its own for that key. Arrows choose, Enter goes there. Without script the link leads to the same search. */
"use strict";

(() => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const text = dialog.querySelector("input");
  const pages = dialog.querySelector("[data-pages]");
  const hits = () => [...dialog.querySelectorAll(".hits a")];

  const open = () => { if (!dialog.open) dialog.showModal(); text.select(); text.focus(); };
  const listPages = () => {
    const wanted = text.value.trim().toLowerCase();
    const found = [...document.querySelectorAll(".side nav a")].filter((one) => one.querySelector("span").textContent.toLowerCase().includes(wanted));
    const list = pages.querySelector("ul");
    list.replaceChildren();
    pages.hidden = !wanted || !found.length;
    if (pages.hidden) return;
    found.forEach((one) => {
      const link = document.createElement("a");
      link.href = one.href;
      link.textContent = one.querySelector("span").textContent;
      list.appendChild(document.createElement("li")).appendChild(link);
    });
  };
  const move = (step) => {
    const all = hits();
    if (!all.length) return;
    const now = all.indexOf(document.activeElement);
    const next = now + step;
    if (next < 0) text.focus();
    else all[Math.min(next, all.length - 1)].focus();
  };

  document.querySelector("[data-palette]").addEventListener("click", (event) => { event.preventDefault(); open(); });
  text.addEventListener("input", listPages);
  text.form.addEventListener("submit", (event) => {
    const first = hits()[0];
    if (first) { event.preventDefault(); first.click(); }
  });
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    if ((event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !event.defaultPrevented && !writing && !document.querySelector("dialog[open]"))) {
      event.preventDefault();
      open();
    } else if (dialog.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    }
  });
})();
