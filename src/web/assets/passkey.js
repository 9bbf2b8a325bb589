// Has the browser make or show a passkey for a form with `data-passkey`, which names where the question comes from. The
// form then carries the answer to the server as any other would. Without script, and where there are no passkeys, such
// forms stay hidden.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

const written = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

async function ask(form) {
  const begin = { method: "POST", headers: { accept: "application/json" } };
  if (form.dataset.passkeySigns) {
    // What is signed is part of the question.
    const fields = form.dataset.passkeySigns.split(" ").map((name) => [name, form.elements[name].value]);
    begin.headers["content-type"] = "application/json";
    begin.body = JSON.stringify(Object.fromEntries(fields));
  }
  const reply = await fetch(form.dataset.passkey, begin);
  const asked = await reply.json();
  if (!reply.ok) throw new Error(asked.detail);
  const question = asked.options.publicKey;
  question.challenge = bytes(question.challenge);
  for (const known of [...(question.allowCredentials ?? []), ...(question.excludeCredentials ?? [])]) {
    known.id = bytes(known.id);
  }
  let made;
  if (question.user) {
    question.user.id = bytes(question.user.id);
    made = await navigator.credentials.create({ publicKey: question });
  } else {
    made = await navigator.credentials.get({ publicKey: question });
  }
  const response = {};
  for (const part of ["attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"]) {
    if (made.response[part] !== undefined) response[part] = made.response[part] && written(made.response[part]);
  }
  if (made.response.getTransports) response.transports = made.response.getTransports();
  const answer = { id: made.id, rawId: written(made.rawId), type: made.type, response, extensions: {} };
  form.elements.ceremony.value = asked.ceremony;
  form.elements.answer.value = JSON.stringify(answer);
}

function told(error, form) {
  switch (error.name) {
    case "NotAllowedError":
      return "Nothing was chosen, or it took too long. Nothing has happened; you can begin again.";
    case "InvalidStateError":
      return "This device has a passkey of yours already. There is nothing to do.";
    case "SecurityError":
      return "The browser gives no passkeys to a page of this address. Open this service by its own address.";
    case "Error":
      return error.message.charAt(0).toUpperCase() + error.message.slice(1) + ".";
    default:
      return "The browser could not do this. Use another way below.";
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.elements.answer.value = "";
  const wrong = form.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    wrong.hidden = true;
    try {
      await ask(form);
      form.submit();
    } catch (error) {
      wrong.textContent = told(error, form);
      wrong.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}
