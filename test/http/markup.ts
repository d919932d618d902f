/**
 * Reads our own pages into a tree, strictly: a tag that is not closed, closed twice, or an attribute without
 * quotes is an error. Text and attributes are unescaped, so that a test sees what a person would.
 */
export type Element = {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (Element | string)[]
}

const VOID = new Set(['meta', 'link', 'input', 'br', 'path', 'circle'])
const TOKEN =
  /<!doctype html>|<\/([a-z0-9]+)>|<([a-z0-9]+)((?:\s+[a-z0-9-]+(?:="[^"<>]*")?)*)\s*(\/?)>|([^<]+)/giy
const ATTRIBUTE = /([a-z0-9-]+)(?:="([^"]*)")?/gi
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

export function parseMarkup(text: string): Element {
  const root: Element = { tag: '#root', attributes: {}, children: [] }
  const open: Element[] = [root]
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw new Error(`Not well-formed: ${text.slice(from, from + 80)}`)
    const [, closed, opened, attributes = '', selfClosed, content] = match
    const parent = open.at(-1) ?? root
    if (content !== undefined) parent.children.push(unescaped(content))
    if (closed !== undefined && open.pop()?.tag !== closed) throw new Error(`</${closed}> closes nothing`)
    if (opened === undefined) continue
    const element = { tag: opened, attributes: readAttributes(attributes), children: [] }
    parent.children.push(element)
    if (!VOID.has(opened) && selfClosed !== '/') open.push(element)
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.tag}> is not closed`)
  return root
}

export function findAll(element: Element, matches: (candidate: Element) => boolean): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(matches(child) ? [child] : []), ...findAll(child, matches)],
  )
}

export function find(element: Element, matches: (candidate: Element) => boolean): Element {
  const [found] = findAll(element, matches)
  if (found === undefined) throw new Error('There is no such element')
  return found
}

export const withId = (id: string) => (element: Element) => element.attributes['id'] === id
export const withClass = (name: string) => (element: Element) =>
  (element.attributes['class'] ?? '').split(' ').includes(name)
export const withTag = (tag: string) => (element: Element) => element.tag === tag

/** All text, white space folded. */
export function textOf(element: Element): string {
  const text = element.children
    .map((child) => (typeof child === 'string' ? child : ` ${textOf(child)} `))
    .join('')
  return text.replace(/\s+/g, ' ').trim()
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  )
}

function unescaped(text: string): string {
  return text.replace(/&([a-z]+|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole)
}

/** What is wrong with a page beside its syntax: names twice, references to nothing, skipped headings, anything inline. */
export function flawsIn(page: Element): readonly string[] {
  const all = findAll(page, () => true)
  const ids = all.flatMap(({ attributes }) => attributes['id'] ?? [])
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `#${id} is there twice`)
  const dangling = all.flatMap(({ tag, attributes }) =>
    referencesOf(tag, attributes)
      .filter((id) => !ids.includes(id))
      .map((id) => `${tag} refers to #${id}, which is not there`),
  )
  const inline = all.flatMap(({ tag, attributes }) =>
    Object.keys(attributes)
      .filter((name) => /^on|^style$/.test(name))
      .map((name) => `${tag} has ${name}`),
  )
  const outside = all.flatMap(({ tag, attributes }) =>
    Object.values(attributes)
      .filter((value) => /^(https?:)?\/\//.test(value))
      .map((value) => `${tag} asks ${value}`),
  )
  const scripts = all.filter((element) => element.tag === 'script' && textOf(element) !== '')
  return [
    ...twice,
    ...dangling,
    ...inline,
    ...outside,
    ...scripts.map(() => 'a script is inline'),
    ...headingFlaws(all),
    ...all.filter(isUnnamed).map(({ tag, attributes }) => `${tag} ${attributes['id'] ?? ''} has no name`),
  ]
}

function referencesOf(tag: string, attributes: Element['attributes']): readonly string[] {
  const named = ['aria-labelledby', 'aria-describedby', 'aria-controls'].flatMap(
    (name) => attributes[name]?.split(' ') ?? [],
  )
  const local = /^#(.+)$/.exec(attributes['href'] ?? '')?.[1]
  return local === undefined || (tag !== 'a' && tag !== 'use') ? named : [...named, local]
}

function headingFlaws(all: readonly Element[]): readonly string[] {
  const levels = all.flatMap(({ tag }) => (/^h[1-6]$/.test(tag) ? [Number(tag[1])] : []))
  const skipped = levels.flatMap((level, index) => {
    const before = levels[index - 1] ?? 0
    return level > before + 1 ? [`h${level} follows h${before}`] : []
  })
  const first = levels.filter((level) => level === 1).length
  return first === 1 ? skipped : [...skipped, `there are ${first} h1`]
}

/** Something to press or to listen to, of which nothing is said. */
function isUnnamed(element: Element): boolean {
  const { tag, attributes } = element
  if (!['a', 'button', 'summary', 'nav', 'section', 'article', 'meter'].includes(tag)) return false
  if ('aria-label' in attributes || 'aria-labelledby' in attributes || 'hidden' in attributes) return false
  return ['nav', 'section', 'article', 'meter'].includes(tag) || textOf(element) === ''
}
