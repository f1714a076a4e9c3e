// Ticked rows and the bar that says what can be done with them; works on rows that htmx brings, too.
"use strict";
(function () {
  function ticks() {
    return [...document.querySelectorAll("#rows-form input[name=ids]")];
  }

  function show() {
    const bar = document.querySelector("[data-batch]");
    if (!bar) return;
    const all = ticks();
    const on = all.filter((tick) => tick.checked).length;
    bar.hidden = on === 0;
    const said = bar.querySelector("[data-batch-count]");
    said.textContent = said.dataset.said.replace("%n", on);
    const rest = bar.querySelector("[data-batch-all]");
    if (rest) {
      rest.hidden = on < all.length;
      if (rest.hidden) rest.querySelector("input").checked = false;
    }
    const head = document.querySelector("[data-tick-all]");
    head.checked = on > 0 && on === all.length;
    head.indeterminate = on > 0 && on < all.length;
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) {
      for (const tick of ticks()) tick.checked = event.target.checked;
    }
    if (event.target.closest("#rows-form")) show();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-batch-clear]")) return;
    for (const tick of ticks()) tick.checked = false;
    show();
    document.querySelector("[data-tick-all]").focus();
  });

  // Nothing empty stands in the address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id !== "query") return;
    const given = event.detail.formData || event.detail.parameters;
    for (const name of [...given.keys()]) {
      const values = given.getAll(name).filter((value) => value !== "");
      given.delete(name);
      for (const value of values) given.append(name, value);
    }
  });

  // What is sorted by or which columns are shown may have changed beside the form.
  document.addEventListener("htmx:afterSwap", show);
  addEventListener("pageshow", show);
})();
