// Naming a record by a part of its name: a text field with a list under it; the number goes into the hidden field.
"use strict";
(function () {
  let waiting = null;

  function parts(box) {
    return {
      text: box.querySelector("[role=combobox]"),
      value: box.querySelector("input[type=hidden]"),
      list: box.querySelector("[role=listbox]"),
    };
  }

  function close(box) {
    const { text, list } = parts(box);
    list.hidden = true;
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
  }

  function show(box, found) {
    const { text, list } = parts(box);
    list.replaceChildren();
    found.forEach((one, number) => {
      const line = document.createElement("li");
      line.id = `${list.id}-${number}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.dataset.id = one.id;
      line.dataset.text = one.text;
      line.textContent = one.text;
      if (one.where) {
        const where = document.createElement("small");
        where.textContent = one.where;
        line.append(where);
      }
      list.append(line);
    });
    if (!found.length) {
      const line = document.createElement("li");
      line.setAttribute("role", "option");
      line.setAttribute("aria-disabled", "true");
      line.setAttribute("aria-selected", "false");
      line.textContent = box.dataset.none;
      list.append(line);
    }
    list.hidden = false;
    text.setAttribute("aria-expanded", "true");
  }

  async function look(box) {
    const { text } = parts(box);
    const asked = text.value;
    const answer = await fetch(`${box.dataset.picker}?q=${encodeURIComponent(asked)}`, { credentials: "same-origin" });
    if (!answer.ok || text.value !== asked || document.activeElement !== text) return;
    show(box, (await answer.json()).found);
  }

  function choose(box, line) {
    if (!line || !line.dataset.id) return;
    const { text, value } = parts(box);
    text.value = line.dataset.text;
    value.value = line.dataset.id;
    named.set(box, text.value);
    close(box);
    value.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What was typed and not chosen names nothing: then what was named before stands there again. Emptied stays empty.
  const named = new WeakMap(); // the name that belongs to the number
  const before = new WeakMap();

  function settle(box) {
    const { text, value } = parts(box);
    close(box);
    if (value.value || !text.value.trim()) return;
    const was = before.get(box) || { text: "", id: "" };
    text.value = was.text;
    value.value = was.id;
  }

  function move(box, by) {
    const { text, list } = parts(box);
    const lines = [...list.querySelectorAll("[data-id]")];
    if (!lines.length) return;
    const now = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
    const next = lines[(now + by + lines.length) % lines.length];
    for (const line of lines) line.setAttribute("aria-selected", String(line === next));
    text.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-picker]");
    if (!box || event.target.type === "hidden") return;
    const { text, value } = parts(box);
    if (value.value) before.set(box, { text: named.get(box) || "", id: value.value });
    if (!text.value) before.delete(box);
    value.value = ""; // what is typed names nothing until it is chosen
    clearTimeout(waiting);
    waiting = setTimeout(() => look(box), 200);
  });

  document.addEventListener("focusin", (event) => {
    const box = event.target.closest("[data-picker]");
    if (!box || !event.target.matches("[role=combobox]")) return;
    if (parts(box).value.value) named.set(box, event.target.value);
    else look(box);
  });

  document.addEventListener("focusout", (event) => {
    const box = event.target.closest("[data-picker]");
    if (!box || box.contains(event.relatedTarget)) return;
    setTimeout(() => box.contains(document.activeElement) || settle(box), 150); // unless only the window was left
  });

  document.addEventListener("submit", (event) => event.target.querySelectorAll("[data-picker]").forEach(settle), true);

  document.addEventListener("mousedown", (event) => {
    const line = event.target.closest("[data-picker] [role=option]");
    if (!line) return;
    event.preventDefault();
    choose(line.closest("[data-picker]"), line);
  });

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest && event.target.closest("[data-picker]");
    if (!box) return;
    const { text, value, list } = parts(box);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look(box);
      else move(box, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && list.hidden && text.value && !value.value) {
      event.preventDefault();
      look(box);
    } else if (event.key === "Enter" && !list.hidden) {
      const only = list.querySelectorAll("[data-id]");
      event.preventDefault();
      choose(box, list.querySelector("[aria-selected=true]") || (only.length === 1 ? only[0] : null));
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      settle(box);
    }
  });
})();
