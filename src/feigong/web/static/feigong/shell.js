// The drawer on narrow screens, menus that close again, dialogs that ask before something is done.
"use strict";
(function () {
  const shade = document.querySelector("[data-drawer-close]");
  let opener = null;

  function drawer(open) {
    const side = document.getElementById("sidebar");
    if (!side || !shade || !opener) return;
    side.classList.toggle("open", open);
    shade.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) side.querySelector("a, button").focus();
    else opener.focus();
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except && !menu.contains(except)) menu.open = false;
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drawer]");
    if (button) {
      opener = button;
      drawer(button.getAttribute("aria-expanded") !== "true");
    } else if (event.target === shade) {
      drawer(false);
    }
    closeMenus(event.target.closest("details.menu"));
    if (event.target.closest("[data-back]")) history.back();
    if (event.target.closest("[data-print]")) print();
    const toggler = event.target.closest("[data-opens]");
    if (toggler) document.getElementById(toggler.dataset.opens).showModal();
  });

  // On paper nothing is folded away.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("main details:not([open], .menu, .no-print)")];
    for (const fold of unfolded) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of unfolded) fold.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (shade && !shade.hidden) {
      drawer(false);
    }
  });

  // <form data-confirm="what will happen to how many">, or hx-confirm on anything: asked in our own sheet.
  const sheet = document.getElementById("confirm");

  function ask(text, title, go) {
    const button = document.getElementById("confirm-go");
    const heading = document.getElementById("confirm-title");
    heading.dataset.usual = heading.dataset.usual || heading.textContent;
    heading.textContent = title || heading.dataset.usual;
    document.getElementById("confirm-text").textContent = text;
    button.textContent = go || button.dataset.default;
    sheet.returnValue = "no";
    sheet.showModal();
    return new Promise((done) => {
      sheet.addEventListener("close", () => done(sheet.returnValue === "yes"), { once: true });
    });
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset || !form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    if (await ask(form.dataset.confirm, form.dataset.confirmTitle, form.dataset.confirmGo)) {
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    }
  }, true);

  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    const data = event.detail.elt.dataset;
    if (await ask(event.detail.question, data.confirmTitle, data.confirmGo)) event.detail.issueRequest(true);
  });
})();
