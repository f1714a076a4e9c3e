// Ticks all of the page, and says what is ticked when some are not. A tick may stand outside its form.
"use strict";
(function () {
  const form = document.querySelector("form[data-handing]");
  const all = form && form.querySelector("[data-tick-all]");
  if (!all) return;
  const ticks = [...document.querySelectorAll("input[name=ids]")].filter((tick) => tick.form === form);
  const show = () => {
    const count = ticks.filter((tick) => tick.checked).length;
    all.checked = count === ticks.length;
    all.indeterminate = count > 0 && count < ticks.length;
    form.querySelector("[data-handing-go]").disabled = !count;
  };
  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
    show();
  });
  for (const tick of ticks) tick.addEventListener("change", show);
  show();
})();
