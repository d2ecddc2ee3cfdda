// Sends the files of a form as they are chosen or dropped, several at once, and goes on where a connection broke.
// Without script the form sends them itself. What has come whole stands in the form as a ticked box, also after a reload.
(() => {
  // SHA-256 (FIPS 180-4) over what comes in parts of 64 bytes.
  const SHA = (() => {
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
    const part = (root) => ((root % 1) * 2 ** 32) | 0;
    const constants = Int32Array.from(primes, (prime) => part(Math.cbrt(prime)));
    const start = primes.slice(0, 8).map((prime) => part(Math.sqrt(prime)));
    const turn = (word, by) => (word >>> by) | (word << (32 - by));
    const words = new Int32Array(64);
    function mix(sums, bytes, length) {
      const state = Int32Array.from(sums);
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      for (let at = 0; at < length; at += 64) {
        for (let i = 0; i < 64; i++) {
          if (i < 16) words[i] = view.getInt32(at + 4 * i);
          else {
            const x = words[i - 15], y = words[i - 2];
            words[i] = (words[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + words[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10))) | 0;
          }
        }
        let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (let i = 0; i < 64; i++) {
          const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[i] + words[i]) | 0;
          const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
          h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
        }
        state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
      }
      sums.set(state);
    }
    function end(state, rest, size) {
      const last = new Uint8Array(rest.length < 56 ? 64 : 128);
      last.set(rest);
      last[rest.length] = 0x80;
      const view = new DataView(last.buffer);
      view.setUint32(last.length - 8, Math.floor(size / 2 ** 29));
      view.setUint32(last.length - 4, (size * 8) >>> 0);
      mix(state, last, last.length);
    }
    return { start, mix, end };
  })();

  const page = document.querySelector("[data-uploads]");
  const form = document.querySelector("form.form");
  if (!page || !form || !window.tus || !tus.isSupported) return;
  const say = page.dataset;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const AT_ONCE = 3;
  const PIECE = 4 * 1024 * 1024;
  const HASHED = 64 * 1024 * 1024; // a larger file is not held in memory: it is counted slice by slice
  const waiting = [];
  const running = new Set();
  let asked = null; // the button that was pressed while files were on their way

  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

  const hex = (words) => [...words].map((word) => word.toString(16).padStart(8, "0")).join("");

  // The SHA-256 of a file: by the browser where it can, else (a large file, or a page without HTTPS) slice by slice.
  async function digest(file) {
    if (window.crypto?.subtle && file.size <= HASHED) {
      const sum = new DataView(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      return hex(Array.from({ length: 8 }, (_, at) => sum.getUint32(4 * at)));
    }
    const state = Uint32Array.from(SHA.start);
    for (let from = 0; from < file.size; from += PIECE) {
      const part = new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer());
      const whole = part.length - (part.length % 64);
      SHA.mix(state, part, whole);
      if (from + part.length === file.size) SHA.end(state, part.subarray(whole), file.size);
    }
    return hex(state);
  }

  function element(name, text, more = {}) {
    return Object.assign(document.createElement(name), { textContent: text, ...more });
  }

  function add(field, file) {
    const row = field.name.split("_").pop();
    const list = field.parentElement.querySelector(".sending") || field.parentElement.appendChild(element("ul", "", { className: "sending" }));
    const line = list.appendChild(element("li", ""));
    const bar = element("progress", "", { max: file.size, value: 0 });
    bar.setAttribute("aria-label", file.name);
    const told = element("span", say.waits);
    told.setAttribute("role", "status");
    const stop = element("button", say.stop, { type: "button", className: "button second small" });
    stop.append(element("span", ` ${file.name}`, { className: "unseen" }));
    line.append(element("strong", file.name), " ", bar, " ", told, " ", stop);
    const job = { line, told, stop };
    job.begin = async () => {
      told.textContent = say.counts;
      const sha256 = await digest(file);
      const metadata = { filename: file.name, row };
      if (sha256) metadata.sha256 = sha256;
      job.upload = new tus.Upload(file, {
        endpoint: say.uploads,
        chunkSize: PIECE,
        retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
        headers: { "X-CSRFToken": token },
        metadata,
        removeFingerprintOnSuccess: true,
        onProgress: (sent, all) => {
          bar.value = sent;
          told.textContent = `${size(sent)} / ${size(all)}`;
        },
        onSuccess: () => {
          const box = element("input", "", { type: "checkbox", name: `uploaded_${row}`, checked: true });
          box.value = job.upload.url.split("/").findLast(Boolean);
          const label = element("label", "");
          label.append(box, ` ${file.name} (${size(file.size)}) `, element("span", say.came, { className: "tag good" }));
          line.replaceChildren(label);
          finish(job);
        },
        onError: (error) => {
          const answer = error.originalResponse;
          told.textContent = answer && answer.getBody() ? answer.getBody().slice(0, 200) : say.broke;
          const again = element("button", say.again, { type: "button", className: "button second small" });
          again.addEventListener("click", () => { again.remove(); queue(job); });
          stop.before(again, " ");
          finish(job);
        },
      });
      const before = await job.upload.findPreviousUploads();
      if (before.length) job.upload.resumeFromPreviousUpload(before[0]);
      if (running.has(job)) job.upload.start();
    };
    stop.addEventListener("click", () => {
      job.upload?.abort(true).catch(() => {});
      waiting.splice(waiting.indexOf(job) >>> 0, 1);
      line.remove();
      finish(job);
    });
    queue(job);
  }

  function queue(job) {
    waiting.push(job);
    go();
  }

  function go() {
    while (running.size < AT_ONCE && waiting.length) {
      const job = waiting.shift();
      running.add(job);
      job.begin();
    }
  }

  function finish(job) {
    running.delete(job);
    go();
    if (asked && !running.size && !waiting.length) {
      const button = asked;
      asked = null;
      form.requestSubmit(button);
    }
  }

  for (const field of form.querySelectorAll("input[type=file]")) {
    const take = (files) => { for (const file of files) add(field, file); };
    field.addEventListener("change", () => {
      take([...field.files]);
      field.value = ""; // they go ahead of the form
    });
    const place = field.closest("fieldset") || field.parentElement;
    place.classList.add("drops");
    place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over");
      take([...event.dataTransfer.files]);
    });
  }

  form.addEventListener("submit", (event) => {
    if (!running.size && !waiting.length) return;
    event.preventDefault();
    asked = event.submitter;
    page.querySelector("[role=status]").textContent = say.later;
  });
  window.addEventListener("beforeunload", (event) => { if (running.size) event.preventDefault(); });
})();
