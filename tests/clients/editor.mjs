// What a person sees who writes a configuration file in an editor.
// In: the command of the YAML language server, a schema, and which rendering it is. Out: a line for each check: status, name, and what was wrong, between tabs.
// Never leaves a file behind: texts are opened under paths where none stands.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Client } from "./lsp.mjs";

const [command, schema, rendering] = process.argv.slice(2);
const examples = resolve("examples");
const editor = new Client(command, ["--stdio"]);
let opened = 0;

const modeline = (path) => `# yaml-language-server: $schema=${relative(dirname(path), schema)}`;

/** Opens a text whose first line is the modeline; `|` is the cursor. */
async function write(body) {
  const path = join(examples, `unsaved-${opened++}.yaml`);
  const at = body.indexOf("|");
  const text = `${modeline(path)}\n${at < 0 ? body : body.slice(0, at) + body.slice(at + 1)}`;
  const before = body.slice(0, Math.max(at, 0)).split("\n");
  const position = { line: before.length, character: before.at(-1).length };
  return { ...(await editor.open(path, text)), position };
}

async function diagnose(body) {
  const { uri, diagnostics } = await write(body);
  editor.close(uri);
  return diagnostics.map(said);
}

async function complete(body) {
  const { uri, position } = await write(body);
  const items = await editor.completions(uri, position);
  editor.close(uri);
  return items;
}

async function hover(body) {
  const { uri, position } = await write(body);
  const text = await editor.hover(uri, position);
  editor.close(uri);
  return text;
}

const said = ({ range, message }) => `${range.start.line + 1}: ${message}`;
const labels = (items) => items.map(({ label }) => label);

/** A snippet as it stands when nobody changes what it proposes. */
const accepted = ({ insertText }) => insertText.replace(/\$\{\d+:([^}]*)\}/g, "$1").replace(/\$\{?\d+\}?/g, "");

async function check(name, holds) {
  const wrong = await holds().catch((why) => why.message);
  const line = wrong ? [1, name, JSON.stringify(wrong)] : [0, name];
  console.log(line.join("\t"));
}

const unless = (good, otherwise) => (good ? null : otherwise);
const same = (have, want) => unless(JSON.stringify(have) === JSON.stringify(want), { have, want });
const holdsAll = (have, want) => unless(want.every((one) => have.includes(one)), { have, want });

async function openExample(file) {
  const path = join(examples, file);
  const text = readFileSync(path, "utf8");
  const [first] = text.split("\n");
  if (!first.startsWith("# yaml-language-server: $schema=")) throw new Error(`no modeline: ${first}`);
  const { uri, diagnostics } = await editor.open(path, rendering === "config" ? text : text.replace(first, modeline(path)));
  editor.close(uri);
  return diagnostics;
}

const trunk = (rest) => `provider: kalem\ntrunks:\n  - name: Office PBX\n${rest}`;
const digest = "    direction: outbound\n    auth_type: digest\n    username: u\n    outbound_server: sip.example.com\n";

async function examplesAreUnderstood() {
  const files = (folder) => readdirSync(join(examples, folder)).filter((name) => name.endsWith(".yaml"));
  for (const file of readdirSync(examples).sort().flatMap((folder) => files(folder).map((name) => join(folder, name)))) {
    if (file.includes("-mistakes")) {
      const lines = [5, 8, 13, 16, 20, 22, 24, 26];
      await check(`${file}: complains about its lines ${lines}`, async () => {
        const found = await openExample(file);
        return same([...new Set(found.map(({ range }) => range.start.line + 1))].sort((a, b) => a - b), lines);
      });
    } else {
      await check(`${file}: no complaint`, async () => same((await openExample(file)).map(said), []));
    }
  }
}

async function wordsAndKeysAreOffered() {
  await check("offers the words of direction", async () =>
    same(labels(await complete(trunk("    direction: |\n"))), ["inbound", "outbound"]));
  await check("offers the words of a number's status", async () =>
    same(labels(await complete('provider: kalem\nnumbers:\n  - number: "+15551234567"\n    status: |\n')), ["active", "inactive"]));
  await check("offers the platforms", async () => holdsAll(labels(await complete("provider: |\n")), ["kalem"]));
  await check("offers the keys that a trunk has not yet, and no other", async () => {
    const have = labels(await complete(trunk("    direction: inbound\n    |\n")));
    return holdsAll(have, ["auth_type", "host", "port", "protect"]) ?? unless(!have.includes("direction"), have);
  });
  await check("offers no key without its colon", async () => {
    const items = [await complete("provider: kalem\n|\n"), await complete("provider: kalem\ntrunks:\n  - |\n")].flat();
    return unless(items.length > 10, items.length) ?? same(items.map(accepted).filter((text) => !/^[a-z_]+:/.test(text)), []);
  });
  await check("offers a trunk with all that every trunk needs", async () => {
    const item = (await complete("provider: kalem\n|\n")).find(({ label }) => label === "trunks");
    return holdsAll(accepted(item).match(/[a-z_]+(?=:)/g), ["trunks", "name", "direction", "auth_type"]);
  });
}

async function keysAreExplained() {
  const shown = { config: "By the IP address that calls come from", editor: "How the two sides know each other" };
  await check("explains auth_type", async () => {
    const text = await hover(trunk("    direction: inbound\n    auth|_type: ip\n    host: pbx.example.com\n"));
    return unless(text.includes("Auth type") && text.includes(shown[rendering]), text);
  });
  for (const [key, body] of [["Host", "    ho|st: a.b\n"], ["Password", "    pass|word: {env: A}\n"]]) {
    await check(`explains ${key.toLowerCase()}`, async () => {
      const text = await hover(trunk(body));
      return unless(text.includes(key) && text.includes("Needed where"), text);
    });
  }
}

async function mistakesAreFound() {
  await check("an unknown platform", async () => same((await diagnose("provider: kalen\n")).map((s) => s[0]), ["2"]));
  await check("an unknown key", async () => same((await diagnose("provider: kalem\ntrunk: []\n")).map((s) => s[0]), ["3"]));
}

/** What only the rendering for editors can say. */
async function editorsSayMore() {
  const says = (name, body, part) => check(`says of ${name}: ${part}`, async () => {
    const messages = await diagnose(body);
    return unless(messages.some((message) => message.includes(part)), messages);
  });
  await says("a literal password", trunk(`${digest}    password: hunter2\n`), "`{env: NAME}` or `{file: PATH}`");
  await says("a missing password", trunk(digest), "`password` is missing: a trunk with `auth_type: digest` needs it");
  await says("a null user name", trunk(digest.replace(": u", ": null")), "`username` is missing");
  await says("a number without quotes", "provider: kalem\nnumbers:\n  - number: +15551234567\n", "in quotes");
  await says("a number with spaces", 'provider: kalem\nnumbers:\n  - number: "+1 555"\n', "E.164");
  for (const [section, wanted] of [["trunks", ["inbound trunk", "outbound trunk"]], ["numbers", ["number"]]]) {
    await check(`what it offers as a whole for ${section} is valid as it stands`, async () => {
      const items = (await complete(`provider: kalem\n${section}:\n  - |\n`)).filter(({ kind }) => kind === 9);
      const have = items.map((item) => diagnose(`provider: kalem\n${section}:\n  - ${accepted(item).replaceAll("\n", "\n  ")}\n`));
      return same(labels(items), wanted) ?? same((await Promise.all(have)).flat(), []);
    });
  }
  await check("offers the two places of a password", async () =>
    holdsAll(labels(await complete(trunk("    password: |\n"))), ["from the environment", "from a file"]));
}

await editor.start(resolve("."), { validate: true, hover: true, completion: true, schemaStore: { enable: false } });
await examplesAreUnderstood();
await wordsAndKeysAreOffered();
await keysAreExplained();
await mistakesAreFound();
if (rendering === "editor") await editorsSayMore();
await editor.stop();
