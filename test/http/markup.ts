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
