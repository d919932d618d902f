/** What the pages of one target, of one incident and of shadow mode need beside the common style. */
export const PAGES_STYLE = `
.acting:not(:has(*)) { display: none; }
.acting { padding-top: .4rem; position: relative; }
.commands { margin-top: 1rem; font-size: .9375rem; }
.commands li { padding: .3rem 0; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 3.5rem; margin-top: 1.6rem; }
.incident .columns > * + * { margin-top: 2rem; }
.part-box { padding-bottom: 1.9rem; }
.part-box > h2, .charts h2, .incident h2, .boxes h2, .shadow-target h2 { margin-bottom: .5rem; }
.step { font-size: 1.0625rem; }
.part-box p + p { margin-top: .3rem; }
.explained { margin-top: 1rem; max-width: 44rem; padding-left: .9rem; border-left: 2px solid var(--edge); color: var(--soft); font-size: .9375rem; }

.evidence > div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .8rem; padding: .5rem 0; border-top: 1px solid var(--line); font-size: .9375rem; }
.evidence dt { color: var(--soft); }
.evidence dd { display: grid; grid-template-columns: .5rem minmax(0, 1fr); gap: 0 .6rem; }
.evidence dd .dot { margin-top: .48rem; }
.evidence dd b { font-weight: 500; }
.rows li { display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: center; gap: .1rem .65rem; padding: .5rem 0; border-top: 1px solid var(--line); font-size: .9375rem; }
.rows .value { grid-column: 2; color: var(--soft); }
.rows .budget { grid-template-columns: minmax(0, 1fr) auto; }
.rows .budget .value { grid-column: auto; text-align: right; }
meter { grid-column: 1 / -1; width: 100%; height: .45rem; margin-top: .2rem; border: 0; border-radius: 99rem; background: var(--bar-none); overflow: hidden; appearance: none; -webkit-appearance: none; }
meter::-webkit-meter-bar { height: .45rem; border: 0; border-radius: 99rem; background: var(--bar-none); }
meter::-webkit-meter-optimum-value { background: var(--bar-good); }
meter::-webkit-meter-suboptimum-value { background: var(--bar-warn); }
meter::-webkit-meter-even-less-good-value { background: var(--bar-bad); }
meter::-moz-meter-bar { background: var(--bar-good); }
meter:-moz-meter-sub-optimum::-moz-meter-bar { background: var(--bar-warn); }
meter:-moz-meter-sub-sub-optimum::-moz-meter-bar { background: var(--bar-bad); }
.days { padding: .2rem 0 .6rem; font-size: .9375rem; }
.days li { display: grid; grid-template-columns: minmax(0, 7rem) minmax(0, 4.5rem) minmax(0, 1fr); gap: .6rem; padding: .35rem 0; }
.days li + li { border-top: 1px solid var(--line); }
.days b { color: var(--tone); }
.days span:last-child { color: var(--soft); }

.charts { margin-top: .6rem; scroll-margin-top: 1rem; }
.charts > header, .shadow-target > header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .4rem 1.2rem; }
.charts > header { margin-bottom: .8rem; }
.figures { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
figure { min-width: 0; padding: .9rem 1rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin-bottom: .6rem; font-size: .9375rem; }
.plot > svg { display: block; width: 100%; height: 7.5rem; fill: none; border-bottom: 1px solid var(--edge); }
.plot path { vector-effect: non-scaling-stroke; }
.plot .mean { stroke: var(--mean); stroke-width: 2; }
.plot .max { stroke: var(--max); }
.plot .down { fill: var(--band); }
.plot.live { min-height: 10.6rem; touch-action: pan-y; }
.u-cursor-pt { pointer-events: none; }
.scroll { overflow-x: auto; max-height: 26rem; margin-bottom: .5rem; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; white-space: nowrap; }
th, td { padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line); text-align: right; font-weight: 400; }
thead th { position: sticky; top: 0; background: var(--ground); color: var(--soft); }
th:first-child { text-align: left; }

.filter { margin-top: 1.3rem; }
.filter + .incidents { margin-top: 1rem; }

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .9rem 1.6rem; margin-top: 1.4rem; }
.facts dt { color: var(--soft); font-size: .8125rem; }
.facts dd { font-weight: 500; }
.facts dd .soft { font-weight: 400; }
.timeline li { position: relative; display: grid; grid-template-columns: 4.3rem minmax(0, 1fr); gap: 0 2rem; padding: .45rem 0; font-size: .9375rem; }
.timeline time { color: var(--soft); }
.timeline .kind { color: var(--tone); font-size: .8125rem; font-weight: 500; }
.timeline .text { display: block; }
.timeline li::before, .timeline li::after { content: ""; position: absolute; left: 5rem; }
.timeline li::before { top: .85rem; width: .55rem; height: .55rem; border-radius: 50%; background: var(--tone); z-index: 1; }
.timeline li::after { top: 0; bottom: 0; left: 5.24rem; width: 1px; background: var(--edge); }
.timeline li:first-child::after { top: .9rem; }
.timeline li:last-child::after { bottom: auto; height: .9rem; }
.actions { display: grid; gap: .7rem; }
.actions > li { padding: .85rem 1.05rem; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; font-size: .9375rem; }
.actions .what { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
.actions p + p { margin-top: .15rem; }
.life { display: flex; flex-wrap: wrap; gap: .2rem .5rem; margin-top: .45rem; font-size: .875rem; }
.life li { display: inline-flex; gap: .4rem; }
.life li + li::before { content: "→"; color: var(--soft); }
.life time { color: var(--soft); }
.next-title { margin-top: 1.6rem; }
.exports { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 1.2rem; margin-block: 1.8rem; }
.boxes { margin-top: 1rem; }
.box { margin-top: .9rem; }
.box h3 { font-size: 1rem; font-weight: 600; }
.box .details { border-top: 1px solid var(--line); }
pre { max-height: 28rem; margin: 0 0 .8rem; padding: .9rem 1rem; overflow: auto; border-radius: 12px; background: var(--night); color: #dbe1ea; font: .8125rem/1.55 var(--mono); white-space: pre; overflow-wrap: normal; }
.shadow-target { margin-top: 1.8rem; }
.shadow-target h2 a { display: inline-flex; align-items: center; min-height: 2.75rem; }
.mend { display: grid; gap: .8rem; justify-items: start; padding-top: 1.6rem; }

@media (min-width: 40rem) {
  .rows li { grid-template-columns: auto minmax(0, 1fr) auto; }
  .rows .value { grid-column: auto; text-align: right; }
}
@media (min-width: 60rem) {
  .columns { grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr); }
  .incident .columns > * + * { margin-top: 0; }
}
`
  .replace(/\s*\n\s*/g, '\n')
  .trimStart()
