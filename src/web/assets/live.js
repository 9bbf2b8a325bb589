// Keeps the page of a case true while somebody looks at it. The server says when the case is further than the page shows;
// the page is then fetched again, and its parts are exchanged where they differ. Hidden pages ask nothing.
"use strict";
const live = document.getElementById("live");
const page = window.location.pathname;
let seen = live.dataset.stand;
let source = null;

async function renew(stand) {
  const answer = await fetch(page, { headers: { accept: "text/html" } });
  if (answer.redirected || !answer.ok) {
    window.location.assign(page);
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (other && other.innerHTML !== part.innerHTML) {
      const held = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      part.replaceChildren(...document.adoptNode(other).childNodes);
      if (held) part.querySelector(`[href="${CSS.escape(held)}"]`)?.focus();
    }
  }
  document.title = fresh.title;
  seen = stand;
  const told = document.querySelector("#count + p").textContent;
  live.textContent = `${document.querySelector("h1").textContent}. ${told}`;
}

function watch() {
  source?.close();
  source = null;
  if (document.hidden) return;
  source = new EventSource(`${page}/live?seen=${encodeURIComponent(seen)}`);
  source.addEventListener("stand", (event) => renew(event.data).catch(() => {}));
}

document.addEventListener("visibilitychange", watch);
window.addEventListener("pagehide", () => source?.close());
watch();
