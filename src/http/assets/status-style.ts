/** The public status page's style, whole: that page loads nothing of the dashboard's. Phone first, light and dark. */
export const STATUS_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f5f4f0; --surface: #fff; --ink: #1b1f27; --soft: #5b616c; --line: #e4e1da; --none: #d5d1c7;
  --good: #1f7347; --warn: #8a5b00; --bad: #bd3029; --quiet: #646a75; --accent: #2b4aa3;
  --bar-good: #3f9a6c; --bar-some: #d2901a; --bar-bad: #cf453c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1219; --surface: #161b24; --ink: #e6e9ef; --soft: #9ea7b5; --line: #262d39; --none: #333c4a;
    --good: #62cf97; --warn: #e6b85a; --bad: #ff8a7d; --quiet: #98a1b0; --accent: #a3b8ff;
    --bar-good: #3f9f70; --bar-some: #dca63c; --bar-bad: #f06a5f;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[data-tone=good] { --tone: var(--good); }
[data-tone=warn] { --tone: var(--warn); }
[data-tone=bad] { --tone: var(--bad); }
[data-tone=quiet] { --tone: var(--quiet); }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 1rem 2rem; max-width: 46rem;
  background: var(--ground); color: var(--ink);
  font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans KR", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; word-break: keep-all;
}
h1, h2, p, ul { margin: 0; padding: 0; }
ul { list-style: none; }
b { font-weight: 600; }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
header { padding: 2.25rem 0 1.75rem; }
.status-title { color: var(--soft); font-weight: 500; }
h1 { display: flex; align-items: center; gap: .65rem; margin: .35rem 0 .3rem; font-size: clamp(1.7rem, 1.2rem + 2.4vw, 2.4rem); font-weight: 600; line-height: 1.2; letter-spacing: -.02em; }
h1 span { min-width: 0; }
.status-mark { flex: none; width: .8em; height: .8em; fill: var(--tone); }
.status-mark circle:first-child { fill: color-mix(in srgb, var(--tone) 24%, transparent); }
.status-soft { color: var(--soft); font-size: .875rem; }
.status-targets { background: var(--surface); border: 1px solid var(--line); border-radius: 16px; overflow: hidden; }
article { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: baseline; gap: .6rem 1rem; padding: 1.1rem; }
article + article { border-top: 1px solid var(--line); }
article h2 { font-size: 1.05rem; font-weight: 600; letter-spacing: -.01em; }
.status-word { display: inline-flex; align-items: center; gap: .4rem; color: var(--tone); font-size: .925rem; font-weight: 600; }
.status-bars { grid-column: 1 / -1; display: block; width: 100%; height: 2.1rem; }
.status-bars .none { fill: var(--none); }
.status-bars .good { fill: var(--bar-good); }
.status-bars .some { fill: var(--bar-some); }
.status-bars .bad { fill: var(--bar-bad); }
.status-span { grid-column: 1 / -1; display: flex; justify-content: space-between; gap: 1rem; color: var(--soft); font-size: .8125rem; }
main > section:last-child { margin-top: 2.25rem; }
main > section > h2 { margin-bottom: .6rem; font-size: 1.1rem; font-weight: 600; letter-spacing: -.01em; }
.status-outages li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 .75rem; padding: .55rem 0; border-top: 1px solid var(--line); font-size: .925rem; }
.status-outages time, .status-outages span { color: var(--soft); }
.status-outages b, .status-outages time { grid-row: 1; }
.status-outages time { grid-column: 2; }
footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 2rem; margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; }
nav { display: flex; gap: 1rem; }
nav a, nav span { padding: .2rem 0; }
nav [aria-current] { color: var(--soft); }
@media (min-width: 40rem) {
  body { padding: 0 2rem 3rem; }
  article { padding: 1.3rem 1.5rem; }
  .status-outages li { grid-template-columns: 10rem minmax(0, 1fr) auto; }
  .status-outages time { grid-column: 1; }
}
@media (forced-colors: active) { .status-bars, .status-mark { forced-color-adjust: none; } }
`
