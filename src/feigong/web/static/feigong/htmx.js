// Parts of pages that could not be loaded say so at the top of the page, in words.
"use strict";
(function () {
  function said(name) {
    return document.getElementById("said").dataset[name];
  }

  function note(text) {
    const line = document.createElement("div");
    line.className = "note note-error";
    line.textContent = text;
    document.getElementById("messages").replaceChildren(line);
    line.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:beforeRequest", () => {
    const old = document.querySelector("#messages .note-error");
    if (old) old.remove();
  });

  document.addEventListener("htmx:responseError", (event) => {
    const { status, responseText } = event.detail.xhr;
    if (status >= 500) return note(said("fault"));
    const page = new DOMParser().parseFromString(responseText, "text/html");
    const sentence = page.querySelector(".note-error, h1");
    note(sentence ? sentence.textContent.trim() : said("fault"));
  });

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => note(said("unreachable")));
  }
})();
