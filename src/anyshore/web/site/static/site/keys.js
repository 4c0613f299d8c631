/* Keys of the review desk. Every page works without them; nothing happens while one types. */
"use strict";

(() => {
  const clauses = () => [...document.querySelectorAll("[data-clause]")];
  let current = null; // id of the clause in hand: its element changes when an answer is kept
  let found = 0;

  const card = () => (current && document.getElementById(current)) || null;
  const open = (index) => {
    const all = clauses();
    if (!all.length) return;
    const one = all[Math.max(0, Math.min(index, all.length - 1))];
    current = one.id;
    found = 0;
    one.focus({ preventScroll: true });
    one.scrollIntoView({ block: "nearest" });
  };
  const place = () => clauses().findIndex((one) => one.id === current);

  const passageAt = (start) => {
    const all = [...document.querySelectorAll(".passage")];
    return all.filter((one) => Number(one.dataset.start) <= start).pop() || null;
  };
  const show = (passage) => {
    document.querySelectorAll(".passage.current").forEach((one) => one.classList.remove("current"));
    if (!passage) return;
    passage.classList.add("current");
    passage.scrollIntoView({ block: "center" });
  };
  // Words selected in a source: their text, where they begin in it, and which source it is.
  const selected = () => {
    const found = window.getSelection();
    if (!found || found.isCollapsed || !found.rangeCount) return null;
    const range = found.getRangeAt(0);
    const inside = range.commonAncestorContainer;
    const box = (inside.nodeType === Node.ELEMENT_NODE ? inside : inside.parentElement).closest("pre.source");
    if (!box || !found.toString().trim()) return null;
    const before = document.createRange();
    before.setStart(box, 0);
    before.setEnd(range.startContainer, range.startOffset);
    return { text: found.toString().trim(), start: before.toString().length, document: box.dataset.document || "" };
  };
  const note = document.querySelector("[data-finding]");
  const noted = (found) => {
    if (!note) return false;
    note.elements.quote.value = found.text;
    note.elements.near.value = found.start;
    if (found.document) note.elements.document.value = found.document;
    note.elements.quote.dispatchEvent(new Event("input", { bubbles: true }));
    const said = note.querySelector("[data-quoted]");
    if (said) said.textContent = `“${found.text.slice(0, 60)}”`;
    return true;
  };
  document.addEventListener("mouseup", (event) => {
    if (!event.target.closest("pre.source")) return;
    window.setTimeout(() => { const found = selected(); if (found && !noted(found)) { if (!card()) open(0); quote(found.text, found.start); } }, 0);
  });
  const quote = (text, start) => {
    const one = card();
    const field = one && one.querySelector("textarea[name=quote]");
    if (!field) return;
    field.value = text;
    one.querySelector("input[name=near]").value = start;
    const chosen = one.querySelector("input[name=value]:checked");
    if (chosen) one.querySelector("form").requestSubmit();
    else one.querySelector("input[name=value]").focus();
  };
  const answer = (number) => {
    const one = card() || (open(0), card());
    const choice = one && one.querySelectorAll("input[name=value]")[number - 1];
    if (!choice) return;
    choice.checked = true;
    const form = choice.form;
    if (form.dataset.once === undefined) form.requestSubmit();
    else form.querySelector("textarea[name=reason]").focus();
  };

  // Answers can be taken back until the review is given: what a card showed before, the newest last.
  const before = [];
  const back = document.querySelector("[data-undo-answer]");
  const tellBack = () => { if (back) back.hidden = before.length === 0; };
  const undo = () => {
    const last = before.pop();
    tellBack();
    const one = last && document.getElementById(last.id);
    const form = one && one.querySelector("form");
    if (!form) return;
    current = last.id;
    form.dataset.back = "yes"; // this sending is not noted again
    form.elements.quote.value = last.quote;
    form.elements.reason.value = last.reason;
    const choice = [...form.querySelectorAll("input[name=value]")].find((input) => input.value === last.value);
    if (choice) choice.checked = true;
    else { const gone = document.createElement("input"); gone.type = "hidden"; gone.name = "undo"; gone.value = "yes"; form.append(gone); }
    form.requestSubmit();
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const one = event.target.closest && event.target.closest("[data-clause][data-value]");
    if (!one || event.target.dataset.back) return;
    const { value, quote: words, reason } = one.dataset;
    before.push({ id: one.id, value, quote: words, reason });
    tellBack();
  });
  if (back) back.addEventListener("click", undo);
  // What is written is kept while one writes, once there is an answer it belongs to: one after the other, and what is
  // sent comes last.
  let writing = null;
  let written = null; // the form that waits to be kept
  let keeping = Promise.resolve();
  let underway = 0;
  const keep = (form) => {
    if (!form.isConnected || !form.querySelector("input[name=value]:checked")) return null;
    return fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, keepalive: true });
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-clause][data-value] form");
    if (!form || event.target.type === "radio") return;
    window.clearTimeout(writing);
    written = form;
    writing = window.setTimeout(() => {
      underway += 1;
      keeping = keeping.then(() => keep(form)).catch(() => {}).finally(() => { underway -= 1; });
    }, 800);
  });
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.target.closest || !event.target.closest("[data-clause][data-value]")) return;
    if (event.target === written) window.clearTimeout(writing);
    if (!underway) return;
    event.preventDefault();
    keeping.then(() => event.detail.issueRequest(true));
  });

  const search = (box) => {
    const wanted = box.value.trim().toLowerCase();
    const status = document.querySelector("[data-found]");
    if (!wanted) return;
    const all = [...document.querySelectorAll(".passage")];
    const now = all.findIndex((one) => one.classList.contains("current"));
    const hits = all.filter((one) => one.textContent.toLowerCase().replace(/\s+/g, " ").includes(wanted));
    const next = hits.find((one) => all.indexOf(one) > now) || hits[0];
    if (status) status.textContent = `${hits.indexOf(next) + 1} / ${hits.length}`;
    show(next);
  };

  const accept = () => {
    const one = card();
    const places = one ? one.querySelectorAll("[data-suggested]") : [];
    const chosen = places[Math.max(found - 1, 0)];
    if (chosen) { quote(chosen.dataset.suggested, chosen.dataset.start); show(passageAt(Number(chosen.dataset.start))); }
  };
  const look = () => {
    const one = card();
    const link = one && one.querySelector("a[data-evidence]");
    if (link) { link.click(); return; }
    const places = one ? one.querySelectorAll("[data-start]:not(.passage)") : [];
    if (!places.length) return;
    const chosen = places[found % places.length];
    found = (found % places.length) + 1;
    show(passageAt(Number(chosen.dataset.start)));
  };

  const keys = {
    j: () => open(place() + 1),
    k: () => open(place() - 1),
    a: accept,
    s: look,
    q: () => { const words = selected(); if (note) { if (words) noted(words); note.elements.quote.focus(); return; } if (words) { quote(words.text, words.start); return; } const p = document.querySelector(".passage.current"); if (p) quote(p.textContent, p.dataset.start); },
    r: () => { const one = card(); const field = one && one.querySelector("[name=reason]"); if (field) field.focus(); },
    u: undo,
    f: () => { const button = document.querySelector("[data-finish]"); if (button) { button.focus(); button.scrollIntoView({ block: "center" }); } },
    "/": () => { const box = document.querySelector("[data-search]"); if (box) { box.focus(); box.select(); return; } const source = document.querySelector("pre.source"); if (source) source.focus(); },
    "?": () => { const help = document.getElementById("keys"); if (help && !help.open) help.showModal(); },
  };

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest("[data-search]");
    if (box && event.key === "Enter") { event.preventDefault(); search(box); return; }
    if (box && event.key === "Escape") { box.blur(); const one = card(); if (one) one.focus(); return; }
    if (event.key === "Escape" && event.target.closest("[data-clause] input, [data-clause] textarea")) { event.target.closest("[data-clause]").focus(); return; }
    const typing = event.target.closest("input:not([type=radio]), textarea, select, dialog[open]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const press = /^[a-z]$/.test(event.key) && document.querySelector(`[data-press="${event.key}"]`);
    if (press) { event.preventDefault(); press.click(); return; }
    const act = /^[1-9]$/.test(event.key) ? () => answer(Number(event.key)) : keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  document.addEventListener("focusin", (event) => { const one = event.target.closest("[data-clause]"); if (one) current = one.id; });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) keys["?"]();
    const button = event.target.closest("[data-accept]");
    if (button) { current = button.closest("[data-clause]").id; const p = button.closest("[data-suggested]"); quote(p.dataset.suggested, p.dataset.start); }
  });
  // A kept answer replaces its card: a complete one leads to the next, unless one has gone elsewhere meanwhile.
  // What is fetched anew beside the cards, as counts are, moves nobody.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.closest || !event.target.closest("[data-clause]")) return;
    const one = card();
    const here = document.activeElement;
    if (!one || (here !== document.body && !one.contains(here))) return;
    if (one.classList.contains("complete")) open(place() + 1);
    else if (here === document.body) one.focus({ preventScroll: true });
  });
})();
