/** Of the pages' style: what pages are made of: cards, bars, rows, buttons, the dialog. */
export const STYLE_PARTS = `
.empty { margin-block: 1.5rem; padding: 1.5rem; border: 1px dashed var(--edge); border-radius: 14px; color: var(--soft); }
.aside { margin: 1.5rem 0; color: var(--soft); }
noscript > .aside { margin-inline: var(--side); }
.tag { padding: .12rem .6rem; border-radius: 99rem; font-size: .8125rem; font-weight: 500; color: var(--tone, var(--soft)); background: color-mix(in srgb, var(--tone, var(--soft)) 13%, transparent); }
.part { margin: 1.8rem 0 .7rem; }

.fleet { display: grid; grid-template-columns: minmax(0, 1fr); gap: .9rem; margin-top: 1.4rem; }
h2.part + .fleet { margin-top: 0; }
.target { position: relative; background: var(--surface); border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow); padding: 1rem 1.1rem 1.1rem; }
.target[data-tone=bad], .target[data-tone=warn] { border-color: color-mix(in srgb, var(--tone) 42%, var(--line)); background: linear-gradient(color-mix(in srgb, var(--tone) 8%, var(--surface)), var(--surface) 8rem); }
.target:has(.faults[open]) { z-index: 2; }
.target > header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; }
.target h3 { font-size: 1.125rem; font-weight: 600; letter-spacing: -.01em; }
.target h3 a { display: inline-flex; align-items: center; min-height: 2.75rem; color: inherit; text-decoration: none; }
.target h3 a::after { content: ""; flex: none; width: .4rem; height: .4rem; margin-left: .6rem; border: solid var(--soft); border-width: 1.6px 1.6px 0 0; transform: rotate(45deg); }
.target h3 a:hover { text-decoration: underline; }
.verdict { display: inline-flex; align-items: center; gap: .4rem; color: var(--tone); font-size: .9375rem; font-weight: 600; white-space: nowrap; }
.reason { line-height: 1.45; text-wrap: pretty; }
.standing { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .9rem; margin-top: .4rem; color: var(--soft); font-size: .875rem; }
.standing b { color: var(--ink); font-weight: 500; }
.next { margin-top: .8rem; font-size: .9375rem; }
.notices { display: grid; gap: .4rem; margin-top: .8rem; font-size: .9375rem; }
.notices li { padding: .6rem .85rem; border-radius: 10px; background: color-mix(in srgb, var(--tone) 9%, transparent); }
.notices b { color: var(--tone); }
.more { margin-top: .2rem; font-size: .9375rem; }
.more a { display: inline-flex; align-items: center; min-height: 2.75rem; }
.past { margin-top: 1rem; }

.bars { display: block; width: 100%; height: 2rem; fill: none; }
.bars path { stroke-dasharray: 4 1; stroke-width: 32; }
.bars .good { stroke: var(--bar-good); stroke-width: 24; }
.bars .warn { stroke: var(--bar-warn); }
.bars .bad { stroke: var(--bar-bad); }
.bars .none { stroke: var(--bar-none); stroke-width: 4; }
.shares { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); margin-top: .55rem; }
.shares div { display: flex; flex-direction: column-reverse; }
.shares dt { color: var(--soft); font-size: .8125rem; line-height: 1.3; }
.shares dd { font-weight: 600; line-height: 1.3; }
.chips { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin-top: .9rem; font-size: .875rem; }
.chips li { display: inline-flex; flex-wrap: wrap; align-items: center; gap: 0 .45rem; }

.orders { display: none; flex-wrap: wrap; gap: .5rem; margin-top: 1rem; }
.js .orders { display: flex; }
button, .button, .faults > summary { display: inline-flex; align-items: center; min-height: 2.75rem; padding: .4rem .95rem; border: 1px solid var(--edge); border-radius: 11px; background: var(--surface); color: var(--ink); font: inherit; font-size: .9375rem; font-weight: 500; text-decoration: none; cursor: pointer; transition: background .12s, border-color .12s; }
button:hover, .button:hover, .faults > summary:hover { background: var(--sunken); border-color: var(--quiet); }
button:disabled { opacity: .5; cursor: default; }
.primary { background: var(--ink); border-color: var(--ink); color: var(--surface); }
.primary:hover { background: color-mix(in srgb, var(--ink) 85%, var(--surface)); border-color: transparent; }
.faults { margin-left: auto; }
.faults > summary { border-style: dashed; color: var(--soft); }
.faults ul { position: absolute; z-index: 2; right: .6rem; width: 26rem; max-width: calc(100% - 1.2rem); max-height: 22rem; margin-top: .4rem; padding: .4rem; overflow-y: auto; background: var(--surface); border: 1px solid var(--edge); border-radius: 14px; box-shadow: 0 12px 40px rgb(0 0 0 / 22%); }
.faults li { position: relative; display: grid; padding: .5rem .65rem; border-radius: 9px; font-size: .875rem; }
.faults li:hover, .faults li:focus-within { background: var(--sunken); }
.faults li button { min-height: 0; padding: 0; border: 0; background: none; text-align: left; font: 500 .84rem/1.5 var(--mono); }
.faults li button::after { content: ""; position: absolute; inset: 0; }
.faults li span { color: var(--soft); }

.others { border: 1px solid var(--line); border-radius: 16px; background: var(--surface); overflow: hidden; }
.row { display: grid; grid-template-columns: minmax(0, 1fr) 5.5rem 4.2rem; align-items: center; gap: .8rem; padding: 0 1rem; }
.row + .row { border-top: 1px solid var(--line); }
.row a { display: flex; align-items: center; gap: .55rem; min-height: 2.75rem; color: inherit; text-decoration: none; }
.row a:hover { text-decoration: underline; }
.row a .icon { color: var(--tone); }
.row b { font-weight: 500; }
.row .bars { height: 1.1rem; }
.share { font-size: .875rem; text-align: right; }
.pages { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.4rem; margin-top: .9rem; font-size: .9375rem; color: var(--soft); }
.pages a { display: inline-flex; align-items: center; min-height: 2.75rem; }

.incidents > header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .4rem 1.2rem; margin-bottom: .5rem; }
.incidents { margin-top: 2.4rem; }
.incidents > header a { display: inline-flex; align-items: center; min-height: 2.75rem; }
.incident-list { border: 1px solid var(--line); border-radius: 16px; background: var(--surface); box-shadow: var(--shadow); overflow: hidden; }
.incident-list > li + li { border-top: 1px solid var(--line); }
.incident-list a { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .1rem .7rem; align-items: center; min-height: 2.75rem; padding: .7rem 1.1rem; color: inherit; text-decoration: none; }
.incident-list a:hover { background: var(--sunken); }
.incident-list a:focus-visible { outline-offset: -3px; }
.incident-list .when { grid-column: 2 / -1; color: var(--soft); font-size: .875rem; }
.state { color: var(--tone); font-size: .875rem; font-weight: 500; }

details > summary { cursor: pointer; list-style: none; }
details > summary::-webkit-details-marker { display: none; }
.details > summary { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .55rem; min-height: 2.75rem; color: var(--soft); font-size: .9375rem; }
.details > summary::before { content: ""; flex: none; width: .42rem; height: .42rem; margin-right: .1rem; border: solid currentColor; border-width: 0 1.6px 1.6px 0; transform: rotate(-45deg); transition: transform .15s; }
.details[open] > summary::before { transform: rotate(45deg); }
.details > summary:hover { color: var(--ink); }

dialog { width: min(30rem, calc(100vw - 1.5rem)); padding: 1.4rem; border: 1px solid var(--edge); border-radius: 18px; background: var(--surface); color: var(--ink); box-shadow: 0 24px 80px rgb(0 0 0 / 30%); }
dialog::backdrop { background: rgb(10 12 16 / 50%); }
dialog form { display: grid; gap: 1rem; }
dialog form > p { margin-top: -.7rem; color: var(--soft); font-size: .9375rem; }
label { display: grid; gap: .3rem; font-size: .9rem; font-weight: 500; }
.check { grid-template-columns: auto minmax(0, 1fr); gap: .6rem; align-items: center; min-height: 2.75rem; font-weight: 400; }
.check input { width: 1.2rem; height: 1.2rem; accent-color: var(--accent); }
input:not([type=checkbox]), select { width: 100%; min-height: 2.75rem; padding: .45rem .75rem; border: 1px solid var(--quiet); border-radius: 10px; background: var(--ground); color: inherit; font: inherit; font-size: 1rem; }
::placeholder { color: var(--soft); opacity: 1; }
output { color: var(--tone); font-size: .9375rem; }
output:empty { display: none; }
.choices { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: flex-end; }
.choices [data-close] { margin-right: auto; }

@media (min-width: 40rem) {
  .target { padding: 1.1rem 1.4rem 1.3rem; }
  .incident-list a { padding: .75rem 1.4rem; }
  .row { padding: 0 1.4rem; grid-template-columns: minmax(0, 1fr) minmax(8rem, 22rem) 4.6rem; }
}
@media (min-width: 60rem) {
  .target { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.05fr); gap: 0 2.5rem; grid-template-areas: "head past" "now past" "chips orders"; align-items: start; }
  .target > header { grid-area: head; }
  .target .now { grid-area: now; }
  .target .past { grid-area: past; margin-top: .55rem; }
  .target .chips { grid-area: chips; align-self: center; }
  .target .orders { grid-area: orders; justify-content: flex-end; }
  .target .faults { margin-left: 0; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; scroll-behavior: auto !important; } }
@media (forced-colors: active) { .dot, .bars { forced-color-adjust: none; } }
@media print { .orders, .foot, .top nav { display: none !important; } }
`
