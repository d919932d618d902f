/** Discord's Markdown as a reader sees it: the text, what sets type in it, and whom it could ring. */

export type DiscordShown = {
  readonly text: string
  /** Marks that were not escaped, in their order: `**`, `_`, `[`, … */
  readonly markup: readonly string[]
  /** Mentions that were not escaped; `allowed_mentions` decides whether they ring. */
  readonly mentions: readonly string[]
}

const MENTION = /^(?:@everyone|@here|<@[!&]?\d+>|<#\d+>)/
const MARK = /^(?:\*\*|\*|__|_|~~|\|\||```|`|\[(?=[^\]]*\]\()|https?:\/\/|<t:|<a?:\w+:)/
const LINE_MARK = /^(?:#{1,3} |-# |>>> |> |[-*] |\d+\. )/

export function shownMarkdown(content: string): DiscordShown {
  const markup: string[] = []
  const mentions: string[] = []
  let text = ''
  let isLineStart = true
  for (let at = 0; at < content.length; ) {
    const rest = content.slice(at)
    const escaped = /^\\([^A-Za-z0-9\s])/.exec(rest)
    const mention = MENTION.exec(rest)?.[0]
    const mark: string | undefined =
      (isLineStart ? LINE_MARK.exec(rest)?.[0] : undefined) ?? MARK.exec(rest)?.[0]
    if (escaped === null && mention !== undefined) mentions.push(mention)
    const taken: string = escaped?.[0] ?? mention ?? mark ?? content[at] ?? ''
    if (escaped === null && mention === undefined && mark !== undefined) markup.push(mark.trim())
    else text += escaped?.[1] ?? taken
    isLineStart = taken === '\n'
    at += taken.length
  }
  return { text, markup, mentions }
}
