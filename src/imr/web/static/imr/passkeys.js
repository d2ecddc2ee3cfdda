// Registers a passkey as the reviewer's signing key, and signs a determination with it. The page says what is signed: the digest of a
// statement. The answer goes into hidden fields of the form, which is then sent as it is.
(() => {
  const form = document.querySelector("form[data-passkey]") || document.querySelector("[data-passkey]")?.closest("form");
  if (!form || !window.PublicKeyCredential) return;
  const asked = { ...(form.matches("[data-passkey]") ? form : form.querySelector("[data-passkey]")).dataset };
  const problem = form.querySelector("[data-passkey-problem]");

  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const hex = (buffer) => [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, "0")).join("");
  const named = (ids) => (ids ? ids.split(",").map((id) => ({ type: "public-key", id: bytes(id) })) : []);

  async function answer(challenge, credentials) {
    const found = await navigator.credentials.get({
      publicKey: { challenge, rpId: asked.site, allowCredentials: credentials, userVerification: "required" },
    });
    return JSON.stringify({
      credential: text(found.rawId),
      authenticator_data: text(found.response.authenticatorData),
      client_data: text(found.response.clientDataJSON),
      signature: text(found.response.signature),
    });
  }

  async function register() {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rp: { id: asked.site, name: asked.organization },
        user: { id: bytes(asked.handle), name: asked.name, displayName: asked.name },
        pubKeyCredParams: asked.algorithms.split(",").map((alg) => ({ type: "public-key", alg: Number(alg) })),
        authenticatorSelection: { userVerification: "required", residentKey: "discouraged" },
        excludeCredentials: named(asked.known),
        attestation: "none",
      },
    });
    const key = made.response.getPublicKey();
    const fingerprint = hex(await crypto.subtle.digest("SHA-256", key));
    // The canonical JSON of what `imr.web.actions.signing_keys.KeyStatement` says.
    const statement = { signs: "registration", statement: { key: fingerprint, nonce: asked.nonce } };
    const challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(statement)));
    const used = await answer(challenge, [{ type: "public-key", id: made.rawId }]);
    form.elements.public_key.value = hex(key);
    form.elements.answer.value = used;
  }

  async function sign() {
    form.elements.signature.value = await answer(bytes(asked.challenge), named(asked.credentials));
  }

  form.addEventListener("submit", async (event) => {
    const registers = asked.passkey === "register";
    if (event.submitter?.name !== (registers ? "register" : "send")) return;
    if (form.elements[registers ? "answer" : "signature"].value) return;
    event.preventDefault();
    problem.textContent = "";
    try {
      await (registers ? register() : sign());
    } catch {
      problem.textContent = asked.failed;
      return;
    }
    form.requestSubmit(event.submitter);
  });
})();
