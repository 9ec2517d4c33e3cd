// A language client over stdio, as small as the checks need it.
// In: the command of a server, and texts with their places. Out: diagnostics, completions and hovers as the server gave them.
// Never reads or writes a file: what is open is what it was told.

import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";

const PATIENCE = 20_000;

export class Client {
  #server;
  #settings;
  #buffer = Buffer.alloc(0);
  #next = 1;
  #waiting = new Map();
  #published = new Map();

  constructor(command, args) {
    this.#server = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#server.stdout.on("data", (bytes) => this.#read(bytes));
  }

  /** Shakes hands; `settings` is the `yaml` section of an editor's settings. */
  async start(root, settings) {
    this.#settings = settings;
    const textDocument = {
      hover: { contentFormat: ["markdown"] },
      completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
    };
    const capabilities = { textDocument, workspace: { configuration: true } };
    await this.#request("initialize", { processId: process.pid, rootUri: pathToFileURL(root).href, capabilities });
    this.#send({ method: "initialized", params: {} });
  }

  /** Opens a text under a path and waits for what the server has to say about it. */
  async open(path, text) {
    const uri = pathToFileURL(path).href;
    const diagnostics = within(`diagnostics of ${path}`, new Promise((done) => this.#published.set(uri, done)));
    const textDocument = { uri, languageId: "yaml", version: 1, text };
    this.#send({ method: "textDocument/didOpen", params: { textDocument } });
    return { uri, diagnostics: await diagnostics };
  }

  close(uri) {
    this.#published.delete(uri);
    this.#send({ method: "textDocument/didClose", params: { textDocument: { uri } } });
  }

  async completions(uri, position) {
    const list = await this.#request("textDocument/completion", { textDocument: { uri }, position });
    return list?.items ?? list ?? [];
  }

  async hover(uri, position) {
    const hover = await this.#request("textDocument/hover", { textDocument: { uri }, position });
    return hover?.contents?.value ?? "";
  }

  async stop() {
    await this.#request("shutdown");
    this.#send({ method: "exit" });
  }

  #request(method, params) {
    const id = this.#next++;
    this.#send({ id, method, params });
    return within(method, new Promise((done, failed) => this.#waiting.set(id, { done, failed })));
  }

  #send(message) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(bytes) {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      const head = this.#buffer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.#buffer.toString("latin1", 0, head))[1]);
      if (this.#buffer.length < head + 4 + length) return;
      const body = this.#buffer.toString("utf8", head + 4, head + 4 + length);
      this.#buffer = this.#buffer.subarray(head + 4 + length);
      this.#take(JSON.parse(body));
    }
  }

  #take({ id, method, params, result, error }) {
    if (method === "textDocument/publishDiagnostics") {
      this.#published.get(params.uri)?.(params.diagnostics);
    } else if (method === "workspace/configuration") {
      const settings = params.items.map(({ section }) => (section === "yaml" ? this.#settings : null));
      this.#send({ id, result: settings });
    } else if (method && id !== undefined) {
      this.#send({ id, result: null });
    } else if (this.#waiting.has(id)) {
      const { done, failed } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) failed(new Error(error.message));
      else done(result);
    }
  }
}

function within(what, promise) {
  let timer;
  const late = new Promise((_, failed) => {
    timer = setTimeout(() => failed(new Error(`no answer: ${what}`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
