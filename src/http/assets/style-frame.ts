/** Of the pages' style: masthead, headline, footer, messages, and how wide things are. */
export const STYLE_FRAME = `
:is(main, #targets, #target, #incident) > :not(.headline, #targets, #target, #incident, dialog, noscript) { margin-inline: var(--side); }
.skip { position: absolute; left: -100vw; padding: .75rem 1rem; background: var(--surface); }
.skip:focus { left: 1rem; top: .5rem; z-index: 5; }

.top { background: var(--night); color: var(--night-ink); }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 1.5rem; padding: .5rem var(--side) 0; }
.brand { display: inline-flex; align-items: center; gap: .55rem; min-height: 2.75rem; color: inherit; font-weight: 600; letter-spacing: -.01em; text-decoration: none; }
.brand .icon { width: 1.5rem; height: 1.5rem; stroke-width: 1.2; }
.flame { fill: #f2b84b; stroke: none; }
.top ul { display: flex; flex-wrap: wrap; margin-inline: -.6rem; }
.top nav a { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0 .6rem; color: var(--night-soft); font-size: .9375rem; text-decoration: none; }
.top nav a:hover { color: var(--night-ink); }
.top nav a[aria-current] { color: var(--night-ink); box-shadow: inset 0 -2px #f2b84b; }
.note { padding: .2rem var(--side) 0; color: var(--night-soft); font-size: .875rem; }
.top :focus-visible, .headline :focus-visible { outline-color: #f2b84b; }

.headline { margin-top: -1px; padding: 1.6rem var(--side) 1.9rem; background: var(--night) radial-gradient(42rem 100% at var(--side) 100%, color-mix(in srgb, var(--tone) 26%, transparent), transparent) no-repeat; color: var(--night-ink); border-bottom: 1px solid var(--night-line); }
.headline[data-tone=good] { --tone: #69d8a0; }
.headline[data-tone=warn] { --tone: #f0c265; }
.headline[data-tone=bad] { --tone: #ff8d80; }
.headline[data-tone=quiet] { --tone: #a9b2c1; }
.headline h1 { display: flex; align-items: center; gap: .65rem; font-size: clamp(1.75rem, 1.35rem + 1.9vw, 2.5rem); font-weight: 600; line-height: 1.15; letter-spacing: -.022em; text-wrap: balance; }
:lang(ko) .headline h1 { letter-spacing: -.01em; }
.headline h1 > .icon { width: .92em; height: .92em; color: var(--tone); }
.headline h1 a { color: inherit; text-decoration: none; }
.headline h1 a:hover { text-decoration: underline; text-decoration-thickness: 2px; }
.headline p { margin-top: .4rem; color: var(--night-soft); }
.headline .reason { max-width: 46rem; color: var(--night-ink); font-size: 1.0625rem; }
.headline .standing b { color: var(--night-ink); }
.headline .up { margin: -.6rem 0 0; }
.headline .up a { display: inline-flex; align-items: center; min-height: 2.75rem; color: var(--night-soft); font-size: .9375rem; text-decoration: none; }
.headline .up a::before { content: "← "; white-space: pre; }
.headline .up a:hover { color: var(--night-ink); }
.verdict-word { color: var(--tone); font-weight: 500; }
.observing { display: flex; gap: .6rem; margin-top: .6rem; padding: .6rem var(--side); background: #33290f; color: #f3e3bd; font-size: .9375rem; }
.observing .icon { margin-top: .17rem; color: #f2b84b; }
.observing a { color: inherit; }

.foot { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 1.4rem; margin: 0 var(--side); padding: 1.2rem 0 2.5rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
.foot ul { display: flex; gap: 1.2rem; }
.foot li a { display: inline-flex; align-items: center; min-height: 2.75rem; color: inherit; }
.choice { display: inline-flex; flex-wrap: wrap; padding: 3px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
.choice a { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0 .85rem; border-radius: 9px; color: var(--soft); font-size: .875rem; text-decoration: none; }
.choice a:hover { color: var(--ink); }
.choice a[aria-current] { background: var(--sunken); color: var(--ink); font-weight: 500; }

.announcer, .connection { position: fixed; z-index: 4; left: 50%; bottom: 1.2rem; width: max-content; max-width: calc(100vw - 2rem); padding: .75rem 1.1rem; transform: translateX(-50%); border-radius: 12px; background: var(--ink); color: var(--ground); font-size: .9375rem; box-shadow: 0 10px 40px rgb(0 0 0 / 28%); }
.announcer:empty { visibility: hidden; }
.connection { top: .8rem; bottom: auto; background: #a3241d; color: #fff; }
`
