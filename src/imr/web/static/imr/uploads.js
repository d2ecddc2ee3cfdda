// Sends the files of a form as they are chosen or dropped, several at once, and goes on where a connection broke.
// Without script the form sends them itself. What has come whole stands in the form as a ticked box, also after a reload.
(() => {
  const page = document.querySelector("[data-uploads]");
  const form = document.querySelector("form.form");
  if (!page || !form || !window.tus || !tus.isSupported) return;
  const say = page.dataset;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const AT_ONCE = 3;
  const PIECE = 4 * 1024 * 1024;
  const HASHED = 300 * 1024 * 1024; // a larger file is not held in memory to be counted
  const waiting = [];
  const running = new Set();
  let asked = null; // the button that was pressed while files were on their way

  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

  async function digest(file) {
    if (!window.crypto?.subtle || file.size > HASHED) return "";
    const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
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
          box.value = job.upload.url.split("/").filter(Boolean).pop();
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
