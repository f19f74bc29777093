"use strict";
// Nothing here is needed: every page works without it. A changed order is shown at once.
for (const list of document.querySelectorAll("form.order select")) {
  list.addEventListener("change", () => list.form.submit());
}
// A row of a chart's table and its bar show each other.
for (const figure of document.querySelectorAll("figure.chart")) {
  const bars = figure.querySelectorAll(".mark-rect");
  const drawn = bars.length > 1 ? [...bars] : [...figure.querySelectorAll(".mark-rect path")];
  const rows = [...figure.querySelectorAll("tbody tr")];
  if (drawn.length !== rows.length) continue;
  rows.forEach((row, place) => {
    const bar = drawn[place];
    const both = (on) => () => { bar.classList.toggle("looked", on); row.classList.toggle("looked", on); };
    for (const part of [row, bar]) {
      part.addEventListener("pointerenter", both(true));
      part.addEventListener("pointerleave", both(false));
    }
  });
}
// A text can be copied with one press where the browser allows it.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const area = document.getElementById(button.dataset.copy);
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(area.value);
    button.nextElementSibling.textContent = button.dataset.done;
  });
}
