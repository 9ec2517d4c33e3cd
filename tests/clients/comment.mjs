// Reads plans as Markdown the way a pull request shows them.
// In: files. Out: one line for each check, `STATUS<TAB>NAME[<TAB>WHAT WAS SAID]`, as `run` expects.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import MarkdownIt from "markdown-it";

const dom = new JSDOM("");
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const { default: mermaid } = await import("mermaid");

const markdown = new MarkdownIt({ html: true, linkify: true });
const tell = (name, wrong) => console.log([wrong.length ? 1 : 0, name, ...wrong.slice(0, 1)].join("\t"));

for (const file of process.argv.slice(2)) {
    const text = readFileSync(file, "utf8");
    const body = new JSDOM(markdown.render(text)).window.document.body;
    const all = (selector) => [...body.querySelectorAll(selector)];
    const wrong = [];
    if ([...text].length > 60000 || text.length > 65536) wrong.push(`${text.length} characters`);
    if (all("script, img, a, iframe, style").length) wrong.push("it has a link, a picture or a script");
    if (all("details").length !== (text.match(/^<details>$/gm) ?? []).length) wrong.push("a fold is lost");
    if (all("details > summary").length !== all("details").length) wrong.push("a fold has no summary");
    if (all("details details").length) wrong.push("a fold is in a fold");
    for (const table of all("table")) {
        const sizes = new Set([...table.querySelectorAll("tr")].map((row) => row.cells.length));
        if (sizes.size !== 1) wrong.push(`rows of ${[...sizes].join(" and ")} cells`);
    }
    if (!all("table, p").length) wrong.push("nothing is in it");
    tell(`markdown-it: ${file}`, wrong);
    for (const fence of all("code.language-mermaid")) {
        const said = await mermaid.parse(fence.textContent).then(() => [], (why) => [String(why).replaceAll("\n", " ")]);
        tell(`mermaid: ${file}`, said);
    }
}
