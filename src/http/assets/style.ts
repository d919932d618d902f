/**
 * The pages' style, as text. Phone first; light and dark by the system's wish or the visitor's choice; the head of each
 * page is night in both. No image, no font, nothing fetched. Tokens are here, what is
 * built of them in style-frame.ts and style-parts.ts; what only some pages need is in style-pages.ts.
 */
import { STYLE_FRAME } from './style-frame.ts'
import { STYLE_PARTS } from './style-parts.ts'

const LIGHT = `color-scheme: light;
  --ground: #f5f4f0; --surface: #fff; --sunken: #f3f1ec; --ink: #1b1f27; --soft: #5b616c; --line: #e4e1da; --edge: #c9c5bb;
  --good: #1f7347; --warn: #8a5b00; --bad: #bd3029; --quiet: #646a75; --accent: #2b4aa3;
  --bar-good: #3f9a6c; --bar-warn: #d2901a; --bar-bad: #cf453c; --bar-none: #d5d1c7;
  --mean: #2f5bc0; --max: #9aa6bd; --fill: rgb(47 91 192 / 9%); --band: rgb(207 69 60 / 20%);
  --shadow: 0 1px 2px rgb(27 31 39 / 5%), 0 8px 24px rgb(27 31 39 / 4%);`

const DARK = `color-scheme: dark;
  --ground: #0e1219; --surface: #161b24; --sunken: #1d232e; --ink: #e6e9ef; --soft: #9ea7b5; --line: #262d39; --edge: #3d4656;
  --good: #62cf97; --warn: #e6b85a; --bad: #ff8a7d; --quiet: #98a1b0; --accent: #a3b8ff;
  --bar-good: #3f9f70; --bar-warn: #dca63c; --bar-bad: #f06a5f; --bar-none: #333c4a;
  --mean: #8fabff; --max: #566178; --fill: rgb(143 171 255 / 10%); --band: rgb(240 106 95 / 26%);
  --shadow: none;`

const BASE = `
:root { ${LIGHT}
  --night: #0f141d; --night-ink: #eef1f6; --night-soft: #a9b2c1; --night-line: #2a3342;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --side: max(1rem, calc(50% - 36rem)); }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { ${DARK} } }
:root[data-theme=dark] { ${DARK} }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
[data-tone=good] { --tone: var(--good); }
[data-tone=warn] { --tone: var(--warn); }
[data-tone=bad] { --tone: var(--bad); }
[data-tone=quiet], [data-tone=none] { --tone: var(--quiet); }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; background: var(--ground); }
body {
  display: flex; flex-direction: column; min-height: 100vh; margin: 0;
  background: var(--ground); color: var(--ink);
  font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Apple SD Gothic Neo", "Noto Sans KR", "Malgun Gothic", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
:lang(ko) { word-break: keep-all; }
main { flex: 1; padding-bottom: 3rem; }
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h2 { font-size: 1.125rem; font-weight: 600; line-height: 1.3; letter-spacing: -.01em; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
code { font-family: var(--mono); font-size: .86em; }
b { font-weight: 600; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { width: 1.15em; height: 1.15em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; overflow: visible; }
.sprite { position: absolute; }
.soft { color: var(--soft); }
.none { color: var(--soft); font-size: .875rem; }
.dot { display: inline-block; flex: none; width: .5rem; height: .5rem; border-radius: 50%; background: var(--tone); }
[data-tone=quiet] > .dot, .dot[data-tone=quiet] { background: none; border: 1.5px solid var(--quiet); }
`

/** Without indentation and line breaks. */
export const STYLE = [BASE, STYLE_FRAME, STYLE_PARTS]
  .join('')
  .replace(/\s*\n\s*/g, '\n')
  .trimStart()
