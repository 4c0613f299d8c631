/* Shows a BPMN file with counts on its elements. The data stand in attributes and in a JSON block of the page. */
"use strict";

// Labels that a modeller left on top of one another, or of a task, are moved to the nearest free place.
function apart(viewer) {
  const registry = viewer.get("elementRegistry");
  const factory = viewer.get("graphicsFactory");
  const all = registry.getAll().filter((one) => one.width && one.height && one.parent && !/Participant|Lane|SubProcess|Process$|Collaboration/.test(one.type));
  const labels = all.filter((one) => one.labelTarget);
  const meets = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  const placed = all.filter((one) => !one.labelTarget);
  labels.forEach((label) => {
    const free = (x, y) => { const box = { x, y, width: label.width, height: label.height }; return !placed.some((one) => meets(box, one)); };
    const { x, y } = label;
    if (!free(x, y)) {
      const steps = [];
      for (let far = 6; far <= 90; far += 6) [[0, -far], [0, far], [far, 0], [-far, 0], [far, -far], [-far, -far], [far, far], [-far, far]].forEach((step) => steps.push(step));
      const found = steps.find(([dx, dy]) => free(x + dx, y + dy));
      if (found) { label.x = x + found[0]; label.y = y + found[1]; factory.update("shape", label, registry.getGraphics(label)); }
    }
    placed.push(label);
  });
}

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
    apart(viewer);
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
