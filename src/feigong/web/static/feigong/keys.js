// Keys: / search, g and a letter to go, j k rows, x tick, b what to do with the ticked, ? help. Never while one types.
"use strict";
(function () {
  let going = 0;
  let last = null; // the row one was in

  function typing(target) {
    if (/^(checkbox|radio)$/.test(target.type)) return false;
    return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
  }

  function rows() {
    return [...document.querySelectorAll("[data-rows] tbody tr")];
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement.closest("tr") || last);
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))] || all[0];
    const target = next.querySelector("a") || next.querySelector("input") || next;
    target.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("focusin", (event) => {
    last = event.target.closest("[data-rows] tbody tr") || last;
  });

  function help() {
    document.getElementById("keys").showModal();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-help]")) help();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (going && Date.now() - going < 1500) {
      going = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        location.assign(link.href);
      }
      return;
    }
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && search) search.focus();
    else if (event.key === "g") going = Date.now();
    else if (event.key === "?") help();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "b") document.querySelector("[data-batch]:not([hidden]) button")?.focus();
    else if (event.key === "x") {
      const tick = document.activeElement.closest("tr")?.querySelector("input[type=checkbox]");
      if (!tick) return;
      tick.click();
    } else return;
    if (event.key !== "g") event.preventDefault();
  });
})();
