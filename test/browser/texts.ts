/** What a page says to eye and ear, and what of it is English that a Korean page should not say. */
import type { Page } from 'playwright-core'
import { KOREAN_PAGES } from '../../src/words/korean-pages.ts'
import { KOREAN_STATUS } from '../../src/words/korean-status.ts'
import { inPage } from './stage.ts'

/** Without what is no text of ours: code, machines' own words, and what is marked as English. */
export function textsIn(page: Page): Promise<readonly string[]> {
  return inPage(
    page,
    `(() => {
      const aside = 'code, pre, script, style, [lang=en]:not(html)'
      const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT)
      const texts = []
      // With scripts, what is for those without is one text.
      while (walker.nextNode())
        if (walker.currentNode.parentElement?.localName !== 'noscript' && !walker.currentNode.parentElement?.closest(aside)) texts.push(walker.currentNode.data.trim())
      for (const element of document.querySelectorAll('*'))
        if (!element.closest(aside))
          for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(element.getAttribute(name)?.trim() ?? '')
      return texts.filter((text) => text !== '')
    })()`,
  )
}

const OURS = new Set(
  Object.entries({ ...KOREAN_PAGES, ...KOREAN_STATUS })
    .filter(([english, korean]) => english !== korean && /[a-z]/i.test(english))
    .map(([english]) => english.toLowerCase()),
)
/** Three words of Latin letters in a row are a phrase, and no name. */
const PHRASE = /[A-Za-z']{2,}(?: [A-Za-z']{2,}){2,}/

/** A name that the sandbox's configuration gives. */
const STATUS_TITLE = "The sandbox's bots"

export async function englishTexts(page: Page): Promise<readonly string[]> {
  const texts = (await textsIn(page)).map((text) => text.replace(STATUS_TITLE, ''))
  return texts.filter((text) => OURS.has(text.toLowerCase()) || PHRASE.test(text))
}
