/* Shows a BPMN file with counts on its elements. The data stand in attributes and in a JSON block of the page. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-diagram]").forEach(async (place) => {
    const status = place.parentElement.querySelector("[data-diagram-status]");
    const viewer = new BpmnJS({ container: place });
    try {
      const answer = await fetch(place.dataset.diagram, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      await viewer.importXML(await answer.text());
    } catch (error) {
      const absent = /no diagram/.test(error.message);
      if (status) status.textContent = absent ? status.dataset.absent : `${status.dataset.failed} (${error.message})`;
      const table = place.parentElement.querySelector("[data-counts-table]");
      if (table) table.open = true;
      place.hidden = true;
      place.parentElement.querySelectorAll(".zoom, .legend").forEach((part) => { part.hidden = true; });
      return;
    }
    const canvas = viewer.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    const overlays = viewer.get("overlays");
    const registry = viewer.get("elementRegistry");
    const data = place.dataset.counts ? JSON.parse(document.getElementById(place.dataset.counts).textContent) : {};
    for (const [id, one] of Object.entries(data)) {
      if (!registry.get(id)) continue;
      const mark = (kind, count, title, position) => {
        const badge = document.createElement("div");
        badge.className = `count count-${kind}`;
        badge.textContent = count;
        badge.title = title;
        overlays.add(id, { position, html: badge });
      };
      if (one.passed) mark("passed", one.passed, one.passed_title, { bottom: 10, left: -8 });
      if (one.active) mark("active", one.active, one.active_title, { top: -12, right: 14 });
      if (one.incidents) mark("incidents", one.incidents, one.incidents_title, { top: -12, left: -10 });
      if (one.active) canvas.addMarker(id, "is-active");
    }
    place.parentElement.querySelectorAll("[data-zoom]").forEach((button) => {
      button.addEventListener("click", () => {
        if (button.dataset.zoom === "fit") canvas.zoom("fit-viewport", "auto");
        else canvas.zoom(canvas.zoom() * (button.dataset.zoom === "in" ? 1.25 : 0.8));
      });
    });
    if (status) status.textContent = "";
  });
});
