"use strict";
// Nothing here is needed: every page works without it. A changed order is shown at once.
for (const list of document.querySelectorAll("form.order select")) {
  list.addEventListener("change", () => list.form.submit());
}
