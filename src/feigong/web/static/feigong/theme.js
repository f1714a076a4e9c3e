// Light, dark, or as the system: before the page is drawn, so that nothing flashes.
"use strict";
(function () {
  const root = document.documentElement;
  root.classList.remove("no-js");
  root.classList.add("js");
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("feigong.theme") || "auto";
    } catch {
      return "auto";
    }
  }

  function show() {
    const choice = chosen();
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  }

  show();
  dark.addEventListener("change", show);
  addEventListener("storage", show);
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem("feigong.theme", button.dataset.themeChoice);
    } catch {
      root.dataset.bsTheme = button.dataset.themeChoice;
    }
    show();
    dispatchEvent(new CustomEvent("feigong:theme"));
  });
})();
