// Opens plans as HTML in a browser, as a reviewer does.
// In: the browser, a folder for pictures, and pages; `move.html` and `many.html` are known by name. Out: one line for each check, as `run` expects.
// Never lets a page reach a network: what asks for one is a finding.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { chromium } from "playwright-core";

const [executablePath, pictures, ...files] = process.argv.slice(2);
// Without its sandbox, which needs root or namespaces: it opens nothing but our own pages.
const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ["--disable-lcd-text"] });

const tell = (name, wrong) => console.log([wrong.length ? 1 : 0, `chromium: ${name}`, ...wrong.slice(0, 1)].join("\t").replaceAll("\n", " "));
const check = async (name, steps) => {
    const wrong = [];
    const expect = (what, got, wanted) => JSON.stringify(got) === JSON.stringify(wanted) || wrong.push(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
    await steps(expect).catch((why) => wrong.push(String(why)));
    tell(name, wrong);
};

// A page, and what it complained of and asked for.
const open = async (file, options = {}) => {
    const page = await browser.newPage({ viewport: { width: 1240, height: 900 }, ...options });
    const said = [], asked = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (why) => said.push(String(why)));
    page.on("request", (request) => request.url() === `file://${file}` || asked.push(request.url()));
    await page.goto(`file://${file}`);
    return { page, said, asked };
};
const shown = (page) => page.locator("#changes li[data-action]:visible").count();
const background = (page, selector) => page.locator(selector).first().evaluate((one) => getComputedStyle(one).backgroundColor);

// WCAG 2.2, 1.4.3: how much each text stands out from what is behind it.
const faint = (page) => page.evaluate(() => {
    const rgb = (text) => text.match(/[\d.]+/g).map(Number);
    const light = (colour) => rgb(colour).slice(0, 3).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (one) => { for (; one; one = one.parentElement) { const colour = getComputedStyle(one).backgroundColor; if (rgb(colour)[3] !== 0) return colour; } };
    const texts = [...document.querySelectorAll("body *")].filter((one) => !one.closest("svg, script") && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    const drawn = [...document.querySelectorAll("svg text")].map((one) => [one, getComputedStyle(one).fill, getComputedStyle(one.parentElement.querySelector("rect")).fill]);
    return texts.map((one) => [one, getComputedStyle(one).color, behind(one)]).concat(drawn).filter(([, ink, paper]) => {
        const [low, high] = [light(ink), light(paper)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05) < 4.5;
    }).map(([one]) => one.outerHTML.slice(0, 80));
});

for (const file of files) {
    await check(`nothing is said, asked for or hidden: ${basename(file)}`, async (expect) => {
        for (const colorScheme of ["light", "dark"]) {
            const { page, said, asked } = await open(file, { colorScheme });
            expect("its console", said, []);
            expect("its requests", asked, []);
            expect("landmarks", await page.locator("body > header, body > main").count(), 2);
            expect("headings of the first level", await page.locator("h1").count(), 1);
            expect(`faint texts, ${colorScheme}`, await faint(page), []);
            const names = await page.locator("main > section").evaluateAll((all) => all.map((one) => document.getElementById(one.getAttribute("aria-labelledby"))?.textContent ?? ""));
            expect("sections without a name", names.filter((name) => !name), []);
            expect("more than the window is wide", await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
            await page.close();
        }
    });
}

const move = files.find((file) => basename(file) === "move.html");
const many = files.find((file) => basename(file) === "many.html");

await check("what a screen reader is told", async (expect) => {
    const { page } = await open(move);
    const tree = await page.locator("body").ariaSnapshot();
    for (const part of ["- banner:", "- main:", 'navigation "Contents"', 'heading "Trunkform plan NEEDS APPROVAL" [level=1]', 'region "Impact"', 'region "5 changes"',
        'searchbox "Find an address, a number or a value /"', 'checkbox "update 3" [checked]', 'columnheader "before"', 'rowheader "kalem.trunk.Carrier A"', 'img "4 groups of steps and 4 arrows', 'button "Open or close all"', "- status: 5 of 5 changes"]) {
        expect(part, tree.includes(part), true);
    }
    await page.close();
});

await check("search and filter, with the keyboard alone", async (expect) => {
    const { page, said } = await open(move);
    expect("all", await shown(page), 4);
    await page.keyboard.press("/");
    await page.keyboard.type("support AGENT");
    expect("a value", await shown(page), 1);
    await page.keyboard.press("Escape");
    expect("after Esc", [await shown(page), await page.inputValue("#find")], [4, ""]);
    await page.keyboard.type("+1 415 555-2601");
    expect("a number in a range", await shown(page), 1);
    expect("what is said of it", await page.textContent("#found"), "2 of 5 changes on this page are in the lines shown.");
    await page.fill("#find", "");
    await page.focus("#find");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect("open after the button", await page.locator("#changes details[open]").count(), 0);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect("without creations", [await shown(page), await page.locator("li[data-action=create]").isVisible()], [3, false]);
    await page.keyboard.press("Space");
    expect("with them again", await shown(page), 4);
    await page.locator("#changes summary").first().focus();
    await page.keyboard.press("Enter");
    expect("opened", await page.locator("#changes details[open]").count(), 1);
    expect("its console", said, []);
    await page.close();
});

await check("numbers in folded lines are found, and only those", async (expect) => {
    const { page } = await open(many);
    const texts = readFileSync(many, "utf8");
    expect("the hostile name is text", [texts.includes("<script>console"), await page.locator("img, iframe").count()], [false, 0]);
    for (const [wanted, found] of [["+14155552645", true], ["2645", true], ["55 52 64 5", true], ["+141555526", true], ["+14155552651", false], ["2651", false], ["+2645", false], ["no such text", false]]) {
        await page.fill("#find", wanted);
        expect(wanted, (await shown(page)) > 0, found);
    }
    await page.close();
});

await check("dark and light differ, and nothing is lost without our script", async (expect) => {
    const [light, dark, bare] = [await open(move, { colorScheme: "light" }), await open(move, { colorScheme: "dark" }), await open(move, { javaScriptEnabled: false })];
    for (const selector of ["body", "header", "input[type=search]"]) {
        expect(`${selector} differs`, (await background(light.page, selector)) === (await background(dark.page, selector)), false);
    }
    expect("lines without a script", await shown(bare.page), 4);
    expect("controls without a script", await bare.page.locator("#controls").isVisible(), false);
    for (const [name, { page }] of [["plan", light], ["plan-dark", dark]]) {
        const path = join(pictures, `${name}.png`);
        await page.setViewportSize({ width: 960, height: 900 });
        const { y, height } = await page.locator("figure").boundingBox();
        await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width: 960, height: Math.round(y + height) } });
    }
});

await check("a foreign script does not run", async (expect) => {
    const { page, said } = await open(move);
    await page.evaluate(() => { const script = document.createElement("script"); script.textContent = "window.foreign = 1"; document.body.append(script); });
    expect("what it did", await page.evaluate(() => window.foreign ?? null), null);
    expect("the policy says so", said.some((text) => text.includes("Content Security Policy")), true);
});

await browser.close();
