// Hands the part of a link behind the `#`, which browsers do not send, to the page that shows what the link does. It is
// taken out of the address first, so that it stays in no history.
"use strict";
// Whoever opens the whole link where it was cut before comes to no new page by it.
window.addEventListener("hashchange", () => window.location.reload());
const proof = window.location.hash.slice(1);
if (proof) {
  document.documentElement.classList.add("has-proof");
  window.history.replaceState(null, "", window.location.pathname);
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("link");
    form.elements.token.value = form.dataset.link + "." + proof;
    form.submit();
  });
}
