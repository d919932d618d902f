/** What `/docs` needs beyond the pages' common style, whose colours it takes. */
export const DOCS_STYLE = `
.docs h4 { margin: 1.1rem 0 .3rem; color: var(--soft); font-size: .8125rem; font-weight: 500; }
.docs pre { margin: .4rem 0 0; padding: .9rem 1rem; border-radius: 12px; background: var(--night); color: #dbe1ea; font: .8125rem/1.55 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
.docs pre code { font: inherit; color: inherit; }
.docs-head { display: grid; grid-template-columns: minmax(0, 1fr); gap: .7rem; padding: 1.5rem 0; }
.docs-head > p { max-width: 46rem; }
.docs-text, .docs-type, .docs-optional { color: var(--soft); }
.docs-text code { color: var(--ink); }
.docs-nav { display: grid; gap: 1.1rem 2rem; padding: 1.1rem 1.15rem; border: 1px solid var(--line); border-radius: 16px; background: var(--surface); }
.docs-nav h2 { margin: 0 0 .25rem; color: var(--soft); font-size: .8125rem; font-weight: 500; letter-spacing: 0; }
.docs-nav ul, .docs-answers, .docs-fields, .docs-forms { margin: 0; padding: 0; list-style: none; }
.docs-nav a { display: grid; grid-template-columns: 3.2rem minmax(0, 1fr); align-items: baseline; padding: .3rem 0; color: inherit; text-decoration: none; font-size: .9375rem; }
.docs-nav a:hover code, .docs h3 a:hover { text-decoration: underline; text-underline-offset: .2em; }
.docs-method { font: 600 .75rem/1.4 var(--mono); color: var(--good); }
.docs-method:not([data-method=get]) { color: var(--warn); }
.docs-group { margin-top: 3rem; }
.docs-group > h2 { font-size: 1.35rem; font-weight: 600; letter-spacing: -.015em; }
.docs-operation, .docs-shape { margin-top: 1.1rem; padding: 1.1rem 1.15rem 1.2rem; border: 1px solid var(--line); border-radius: 16px; background: var(--surface); scroll-margin-top: 1rem; }
.docs-operation:target, .docs-shape:target { border-color: var(--accent); }
.docs h3 { font-size: 1.05rem; font-weight: 600; }
.docs h3 a { color: inherit; text-decoration: none; }
.docs h3 .docs-method { margin-right: .4rem; }
.docs-operation > p { margin-top: .3rem; max-width: 46rem; }
.docs-who { font-size: .875rem; color: var(--soft); }
.docs-who b { margin-right: .35rem; font-weight: 500; }
.docs-fields, .docs-forms, .docs-answers { font-size: .9rem; }
.docs-shape > .docs-fields, .docs-shape > .docs-type { margin-top: .5rem; }
.docs-fields li, .docs-forms > li, .docs-answers li { padding: .3rem 0; }
.docs-fields > li + li, .docs-answers li + li { border-top: 1px solid color-mix(in srgb, var(--line) 60%, transparent); }
.docs-fields ul { margin: .25rem 0 .1rem; padding-left: .9rem; border-left: 2px solid var(--line); }
.docs-forms > li + li { margin-top: .35rem; padding-top: .55rem; border-top: 1px dashed var(--line); }
.docs-name { margin-right: .25rem; color: var(--ink); font-weight: 600; }
.docs-optional { font-size: .8125rem; font-style: italic; }
.docs-fields .docs-text { display: block; }
.docs-answers li { display: grid; grid-template-columns: 3.2rem minmax(0, 1fr); align-items: baseline; }
@media (min-width: 40rem) {
  .docs-answers .docs-type { white-space: nowrap; }
  .docs-nav { grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); padding: 1.3rem 1.5rem; }
  .docs-operation, .docs-shape { padding: 1.4rem 1.5rem 1.5rem; }
}
`
