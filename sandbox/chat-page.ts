/** `/sandbox/chats`: the four chats as their readers see them now, with the buttons, and switches to take one down. */
import { html } from 'hono/html'
import type { Language } from '../src/core/channel.ts'
import { inert } from '../src/http/inert.ts'
import { page } from '../src/http/pages/layout.ts'
import type { Visit } from '../src/http/pages/visit.ts'
import type { Html, Tone } from '../src/http/pages/words.ts'
import type { Outage } from './chat/chat-server.ts'
import type { ChatMessage, ChatName, ChatView } from './chat-view.ts'

/** The sandbox's own words: no page of the service says them. */
const KOREAN = {
  Chats: '채팅',
  'What people were told': '사람들에게 알린 내용',
  'Telegram, Slack, Discord and a webhook, each an emulator on this machine. Break something, and read it here.':
    '이 컴퓨터에서 도는 텔레그램, 슬랙, 디스코드, 웹훅 에뮬레이터입니다. 고장을 내고 여기서 읽어 보세요.',
  'Nothing has arrived.': '아직 도착한 것이 없습니다.',
  'It works.': '정상입니다.',
  'It is down: nothing listens.': '다운: 연결을 거부합니다.',
  'It is down: every request is answered with HTTP 500.': '다운: 모든 요청에 HTTP 500으로 응답합니다.',
  'It is down: requests are taken and never answered.': '다운: 요청을 받기만 하고 응답하지 않습니다.',
  'Refuse connections': '연결 거부',
  'Answer with 500': '500으로 응답',
  'Never answer': '응답하지 않기',
  'Let it work again': '다시 정상으로',
  Edited: '수정됨',
  'An answer': '답글',
  Silent: '무음',
  'Done. The guard hears of it with its next tick.': '완료했습니다. 다음 틱에서 Night Guard가 알게 됩니다.',
  'Those who pressed a button were told': '버튼을 누른 사람에게 표시된 내용',
  'Received twice': '중복 수신',
} as const
type Text = keyof typeof KOREAN

function say(language: Language, text: Text): string {
  return language === 'ko' ? KOREAN[text] : text
}

export function chatPage(views: readonly ChatView[], visit: Visit): Html {
  const { language } = visit
  return page(
    {
      title: say(language, 'Chats'),
      style: 'pages.css',
      body: html`<section class="headline" data-tone="quiet" aria-label="${say(language, 'Chats')}">
<h1><span>${say(language, 'What people were told')}</span></h1>
<p>${say(language, 'Telegram, Slack, Discord and a webhook, each an emulator on this machine. Break something, and read it here.')}</p>
</section>
${chatsFragment(views, visit)}
<script type="module" src="/sandbox/chats.js"></script>`,
    },
    visit,
  )
}

/** The part that the page's script keeps fresh. */
export function chatsFragment(views: readonly ChatView[], visit: Visit): Html {
  return html`<div id="chats" class="columns" data-fragment="/sandbox/chats/live">${views.map((view) => chat(view, visit))}</div>`
}

const NAMES: Readonly<Record<ChatName, string>> = {
  telegram: 'Telegram',
  slack: 'Slack',
  discord: 'Discord',
  webhook: 'Webhook',
}

function chat(view: ChatView, visit: Visit): Html {
  const { name, outage, messages, told, repeats = 0 } = view
  const { language } = visit
  return html`
<section class="part-box" id="chat-${name}" aria-labelledby="chat-${name}-name">
<h2 id="chat-${name}-name">${NAMES[name]}</h2>
<p class="soft" data-tone="${outage === 'none' ? 'good' : 'bad'}"><span class="dot"></span> ${say(language, STATES[outage])}${repeats === 0 ? '' : ` ${say(language, 'Received twice')}: ${repeats}.`}</p>
${visit.mayOrder ? switches(view, visit) : ''}
${messages.length === 0 ? html`<p class="none">${say(language, 'Nothing has arrived.')}</p>` : html`<ol class="actions past">${messages.map((message) => bubble(name, message, visit))}</ol>`}
${told.length === 0 ? '' : html`<p class="next">${say(language, 'Those who pressed a button were told')}:</p><ul class="rows">${told.map((text) => html`<li>${inert(text)}</li>`)}</ul>`}
</section>`
}

const STATES: Readonly<Record<Outage, Text>> = {
  none: 'It works.',
  refuse: 'It is down: nothing listens.',
  '500': 'It is down: every request is answered with HTTP 500.',
  hang: 'It is down: requests are taken and never answered.',
}

const SWITCHES: Readonly<Record<Outage, Text>> = {
  refuse: 'Refuse connections',
  '500': 'Answer with 500',
  hang: 'Never answer',
  none: 'Let it work again',
}

function switches({ name, outage }: ChatView, visit: Visit): Html {
  const kinds: readonly Outage[] = outage === 'none' ? ['refuse', '500', 'hang'] : ['none']
  return html`<div class="orders">${kinds.map((kind) =>
    poster(
      { id: `chat-${name}-${kind}`, path: `/sandbox/chats/${name}/outage`, body: { kind } },
      say(visit.language, SWITCHES[kind]),
      visit,
    ),
  )}</div>`
}

/** A button of the page: its script sends the body as JSON. */
function poster(
  { id, path, body }: { readonly id: string; readonly path: string; readonly body: object },
  label: string,
  { language }: Visit,
): Html {
  const done = say(language, 'Done. The guard hears of it with its next tick.')
  return html`<button type="button" id="${id}" data-post="${path}" data-body="${JSON.stringify(body)}" data-done="${done}">${label}</button>`
}

function bubble(name: ChatName, message: ChatMessage, visit: Visit): Html {
  const { language } = visit
  const { id, text, edits, silent, answers, buttons } = message
  const [head = '', ...lines] = text.split('\n').map((line) => inert(line))
  const notes = [
    ...(answers === undefined ? [] : [say(language, 'An answer')]),
    ...(edits === 0 ? [] : [`${say(language, 'Edited')} ×${edits}`]),
    ...(silent ? [say(language, 'Silent')] : []),
  ]
  return html`
<li data-tone="${toneOf(head)}"><p class="what"><b><span class="dot"></span> ${withoutMark(head)}</b> <span class="soft">${notes.join(' · ')}</span></p>
${lines.map((line) => (line === '' ? '' : html`<p>${line}</p>`))}
${
  buttons.length === 0 || !visit.mayOrder
    ? ''
    : html`<div class="orders">${buttons.map((label, button) =>
        poster(
          {
            id: `press-${name}-${id}-${button}`,
            path: `/sandbox/chats/${name}/press`,
            body: { message: Number(id), button },
          },
          inert(label, 100),
          visit,
        ),
      )}</div>`
}</li>`
}

/** Not every machine has an emoji to show: a dot of the same colour stands for it. */
function withoutMark(head: string): string {
  return head.replace(/^(?:🔴|🟠|🟢|🔵) /u, '')
}

function toneOf(head: string): Tone {
  if (head.startsWith('🔴')) return 'bad'
  if (head.startsWith('🟠')) return 'warn'
  return head.startsWith('🟢') ? 'good' : 'quiet'
}

/** Beside the pages' own script, which keeps the fragment fresh. */
export const CHAT_SCRIPT = `
document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-post]')
  if (!button) return
  button.disabled = true
  const announcer = document.getElementById('announcer')
  try {
    const response = await fetch(button.dataset.post, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: button.dataset.body,
    })
    const problem = response.ok ? undefined : await response.json()
    announcer.textContent = problem ? problem.detail : button.dataset.done
  } catch (error) {
    announcer.textContent = String(error)
  } finally {
    button.disabled = false
  }
})
`
