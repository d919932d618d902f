/** The pages' style, as text. Phone first; light and dark by the system's wish; no image, no font, nothing fetched. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f5f2;
  --surface: #fff;
  --sunken: #f4f3ef;
  --ink: #1d2026;
  --soft: #5d636d;
  --line: #e5e3dd;
  --edge: #cfccc4;
  --good: #22774b;
  --warn: #8f5f00;
  --bad: #c0332b;
  --quiet: #6d737d;
  --accent: #2f4b9c;
  --shadow: 0 1px 2px rgb(29 32 38 / 5%), 0 6px 20px rgb(29 32 38 / 4%);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1116;
    --surface: #161a21;
    --sunken: #1c212a;
    --ink: #e7eaf0;
    --soft: #9aa2af;
    --line: #252b35;
    --edge: #3a4250;
    --good: #5ccb92;
    --warn: #e5b654;
    --bad: #ff8577;
    --quiet: #8c95a3;
    --accent: #9db4ff;
    --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
[data-tone=good] { --tone: var(--good); }
[data-tone=warn] { --tone: var(--warn); }
[data-tone=bad] { --tone: var(--bad); }
[data-tone=quiet] { --tone: var(--quiet); }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto;
  padding: 0 1rem 6rem;
  max-width: 76rem;
  background: var(--ground);
  color: var(--ink);
  font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
h1, h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
code { font-family: var(--mono); font-size: .86em; }
b { font-weight: 600; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.icon { width: 1.15em; height: 1.15em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; overflow: visible; }
.sprite { position: absolute; }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--surface); }
.skip:focus { left: 1rem; top: .5rem; z-index: 3; }
.none { color: var(--soft); font-size: .875rem; }
.target > .none { margin-top: 1rem; }
.dot { display: inline-block; flex: none; width: .5rem; height: .5rem; border-radius: 50%; background: var(--tone); }
.dot[data-tone=quiet] { background: none; border: 1.5px solid var(--quiet); }
.tag { padding: .1rem .5rem; border-radius: 99rem; font: 500 .78rem/1.4 var(--mono); color: var(--tone, var(--soft)); background: color-mix(in srgb, var(--tone, var(--soft)) 11%, transparent); }
.empty { padding: 1.5rem; border: 1px dashed var(--edge); border-radius: 14px; color: var(--soft); }
.aside { margin-top: 2rem; color: var(--soft); }

.top { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1.5rem; padding: 1.1rem 0; }
.brand { display: inline-flex; align-items: center; gap: .5rem; color: var(--ink); font-weight: 600; letter-spacing: -.01em; text-decoration: none; }
.brand .icon { width: 1.35rem; height: 1.35rem; stroke-width: 1.3; }
.note { color: var(--soft); font-size: .875rem; }

.headline { padding: 1.4rem 0 1.8rem; }
.headline h1 { display: flex; align-items: center; gap: .7rem; font-size: clamp(1.75rem, 1.3rem + 2vw, 2.5rem); font-weight: 600; line-height: 1.15; letter-spacing: -.025em; }
.headline h1 .icon { width: .95em; height: .95em; color: var(--tone); }
.headline p { margin-top: .45rem; color: var(--soft); }

.fleet { display: grid; gap: 1rem; align-items: start; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21.5rem), 1fr)); }
.target { container: card / inline-size; position: relative; padding: 1.25rem 1.15rem 1.15rem; background: var(--surface); border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow); }
.target[data-tone=bad], .target[data-tone=warn] { border-color: color-mix(in srgb, var(--tone) 45%, var(--line)); }
.target:has(.faults[open]) { z-index: 2; }
.target > header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; }
.target h3 { font-size: 1.05rem; font-weight: 600; letter-spacing: -.01em; }
.verdict { display: inline-flex; align-items: center; gap: .4rem; color: var(--tone); font-size: .9rem; font-weight: 600; white-space: nowrap; }
.reason { margin-top: .55rem; font-size: 1.0625rem; line-height: 1.45; text-wrap: pretty; }
.standing { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1rem; margin-top: .6rem; color: var(--soft); font-size: .875rem; }
.standing b { color: var(--ink); font-weight: 500; }
.notices { display: grid; gap: .4rem; margin-top: 1rem; font-size: .9rem; }
.notices a { display: inline-block; }
.notices li:not([data-tone=quiet]) { padding: .55rem .8rem; border-radius: 10px; background: color-mix(in srgb, var(--tone) 9%, transparent); }
.notices b { color: var(--tone); }

.evidence { display: grid; grid-template-columns: minmax(0, 1fr); margin-top: 1.1rem; padding-top: .35rem; border-top: 1px solid var(--line); font-size: .9rem; }
.evidence div { display: grid; grid-template-columns: 5.6rem minmax(0, 1fr); gap: .5rem; padding: .32rem 0; }
.evidence dt { color: var(--soft); }
.evidence dd { display: grid; grid-template-columns: .5rem minmax(0, 1fr); gap: 0 .55rem; }
.evidence dd .dot { margin-top: .45rem; }
.evidence dd b { margin-right: .25rem; color: var(--ink); font-weight: 500; }
.evidence dd span:not(.dot) { color: var(--soft); }

details > summary { cursor: pointer; list-style: none; }
details > summary::-webkit-details-marker { display: none; }
.details { margin-top: .8rem; border-top: 1px solid var(--line); }
.details > summary { display: flex; align-items: center; gap: .55rem; padding: .7rem 0; color: var(--soft); font-size: .9rem; }
.details > summary::before { content: ""; flex: none; width: .42rem; height: .42rem; margin-right: .1rem; border: solid currentColor; border-width: 0 1.6px 1.6px 0; transform: rotate(-45deg); transition: transform .15s; }
.details[open] > summary::before { transform: rotate(45deg); }
.details > summary:hover { color: var(--ink); }
.details h4 { margin-top: .9rem; color: var(--soft); font-size: .8rem; font-weight: 500; }
.details > summary + h4 { margin-top: .1rem; }
.details > .none { margin-top: .3rem; }
.rows { margin-top: .2rem; font-size: .9rem; }
.rows li { display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: center; gap: 0 .6rem; padding: .36rem 0; }
.rows li + li { border-top: 1px solid color-mix(in srgb, var(--line) 65%, transparent); }
.rows .value { grid-column: 2; color: var(--soft); }
.pips { display: inline-flex; gap: 3px; min-width: 3.9rem; }
.pips i { width: .42rem; height: .8rem; border-radius: 2px; background: color-mix(in srgb, var(--ink) 62%, transparent); }
.pips .spent { background: none; border: 1.5px solid var(--edge); }

.orders { display: none; flex-wrap: wrap; gap: .5rem; margin-top: .7rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.js .orders { display: flex; }
button, .faults > summary { min-height: 2.5rem; padding: .4rem .85rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: var(--ink); font: inherit; font-size: .9rem; font-weight: 500; cursor: pointer; transition: background .12s, border-color .12s; }
button:hover, .faults > summary:hover { background: var(--sunken); border-color: var(--quiet); }
button:disabled { opacity: .5; cursor: default; }
.primary { background: var(--ink); border-color: var(--ink); color: var(--surface); }
.primary:hover { background: color-mix(in srgb, var(--ink) 85%, var(--surface)); border-color: transparent; }
.faults { margin-left: auto; position: static; }
.faults > summary { display: flex; align-items: center; border-style: dashed; color: var(--soft); }
.faults ul { position: absolute; z-index: 2; left: .6rem; right: .6rem; max-height: 22rem; margin-top: .4rem; padding: .4rem; overflow-y: auto; background: var(--surface); border: 1px solid var(--edge); border-radius: 14px; box-shadow: 0 12px 40px rgb(0 0 0 / 22%); }
.faults li { position: relative; display: grid; gap: 0 .8rem; padding: .45rem .6rem; border-radius: 8px; font-size: .875rem; }
.faults li:hover, .faults li:focus-within { background: var(--sunken); }
.faults li button { min-height: 0; padding: 0; border: 0; background: none; text-align: left; font: 500 .84rem/1.5 var(--mono); }
.faults li button::after { content: ""; position: absolute; inset: 0; }
.faults li span { color: var(--soft); }

h2 { font-size: 1.2rem; font-weight: 600; letter-spacing: -.015em; }
.incidents { margin-top: 3rem; }
.incidents > h2 { margin-bottom: .8rem; }
.incident-list { border: 1px solid var(--line); border-radius: 16px; background: var(--surface); box-shadow: var(--shadow); overflow: hidden; }
.incident-list > li + li { border-top: 1px solid var(--line); }
.incident-list summary { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .1rem .7rem; align-items: center; padding: .8rem 1.15rem; }
.incident-list summary:hover { background: var(--sunken); }
.incident-list summary:focus-visible { outline-offset: -3px; }
.incident-list .when { grid-column: 2 / -1; color: var(--soft); font-size: .875rem; }
.state { color: var(--tone); font-size: .875rem; font-weight: 500; }
.incident-list details > :not(summary) { margin: 0 1.15rem; }
.incident-list details > p { padding: .5rem 0 1.1rem; font-size: .9rem; }
.timeline { font-size: .9rem; }
.timeline li { position: relative; display: grid; grid-template-columns: 4.6rem minmax(0, 1fr); gap: 0 1.6rem; padding: .4rem 0; }
.timeline time { color: var(--soft); }
.timeline li::before, .timeline li::after { content: ""; position: absolute; left: 5.1rem; }
.timeline li::before { top: .85rem; width: .5rem; height: .5rem; border-radius: 50%; background: var(--tone); z-index: 1; }
.timeline li::after { top: 0; bottom: 0; left: 5.32rem; width: 1px; background: var(--line); }
.timeline li:first-child::after { top: .9rem; }
.timeline li:last-child::after { bottom: auto; height: .9rem; }
.timeline .kind { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

.incident > p:first-child { font-size: .9rem; }
.incident .headline { padding-top: .8rem; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem; margin-bottom: 2rem; }
.columns h2 { margin-bottom: .5rem; }
.actions { display: grid; gap: .75rem; }
.actions li { padding: .9rem 1.1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; font-size: .9rem; }
.actions p + p { margin-top: .2rem; color: var(--soft); }
.actions .state { float: right; }

dialog { width: min(30rem, calc(100vw - 2rem)); padding: 1.5rem; border: 1px solid var(--edge); border-radius: 18px; background: var(--surface); color: var(--ink); box-shadow: 0 24px 80px rgb(0 0 0 / 30%); }
dialog::backdrop { background: rgb(10 12 16 / 45%); }
dialog form { display: grid; gap: 1rem; }
dialog form > p { margin-top: -.7rem; color: var(--soft); font-size: .95rem; }
label { display: grid; gap: .3rem; font-size: .875rem; font-weight: 500; }
.check { grid-template-columns: auto minmax(0, 1fr); gap: .6rem; align-items: start; font-weight: 400; }
.check input { margin-top: .2rem; accent-color: var(--accent); }
input:not([type=checkbox]), select { width: 100%; min-height: 2.7rem; padding: .45rem .75rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--ground); color: inherit; font: inherit; font-size: 1rem; }
::placeholder { color: var(--soft); opacity: .8; }
output { color: var(--tone); font-size: .9rem; }
output:empty { display: none; }
.choices { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: flex-end; }
.choices [data-close] { margin-right: auto; }

.announcer, .connection { position: fixed; z-index: 4; left: 50%; bottom: 1.2rem; width: max-content; max-width: calc(100vw - 2rem); padding: .7rem 1.1rem; transform: translateX(-50%); border-radius: 12px; background: var(--ink); color: var(--ground); font-size: .9rem; box-shadow: 0 10px 40px rgb(0 0 0 / 25%); }
.announcer:empty { visibility: hidden; }
.connection { top: .8rem; bottom: auto; background: var(--bad); color: var(--ground); }

@media (min-width: 40rem) {
  body { padding: 0 2rem 6rem; }
  .target { padding: 1.4rem 1.4rem 1.3rem; }
  .fleet { gap: 1.25rem; }
  .faults ul { left: auto; right: 1.2rem; width: 26rem; max-width: calc(100% - 2.4rem); }
  .incident-list summary { grid-template-columns: auto minmax(0, 1fr) 6rem 15rem; padding: .8rem 1.6rem; }
  .incident-list .when { grid-column: auto; text-align: right; }
  .incident-list details > :not(summary) { margin: 0 1.6rem; }
}
@container card (min-width: 27rem) {
  .rows li { grid-template-columns: auto minmax(0, 1fr) auto; }
  .rows .value { grid-column: 3; text-align: right; }
}
@media (min-width: 64rem) {
  .columns { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 3rem; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) { .dot, .pips i, .timeline li::before { forced-color-adjust: none; } }
`
