/** Of the pages' script: what begins when a page is there. Charts are fetched where there are some, once they are near. */
export const SCRIPT_START = `
document.addEventListener('click', (event) => {
  const button = event.target.closest('button')
  const theme = event.target.closest('[data-choose-theme]')
  if (button?.dataset.order) openOrder(button)
  else if (button?.dataset.fault) breakIt(button)
  else if (theme) {
    event.preventDefault()
    chooseTheme(theme)
  }
  if (!event.target.closest('.faults')) for (const menu of document.querySelectorAll('.faults[open]')) menu.open = false
})

document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' ? document.querySelector('.faults[open]') : null
  if (!menu) return
  menu.open = false
  menu.querySelector('summary').focus()
})

/* The cookie is the one that the link would have had the server set. */
function chooseTheme(link) {
  const theme = link.dataset.chooseTheme
  document.cookie = 'night-guard-theme=' + theme + '; path=/; max-age=31536000; samesite=lax'
  if (theme === 'auto') delete root.dataset.theme
  else root.dataset.theme = theme
  document.querySelector('meta[name=color-scheme]').content = theme === 'auto' ? 'light dark' : theme
  for (const each of document.querySelectorAll('[data-choose-theme]')) {
    if (each === link) each.setAttribute('aria-current', 'true')
    else each.removeAttribute('aria-current')
  }
  document.dispatchEvent(new Event('theme'))
}

const charts = byId('charts')
if (charts) {
  const near = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return
    near.disconnect()
    import(charts.dataset.script).catch(() => {})
  }, { rootMargin: '300px' })
  near.observe(charts)
}

if (!zone) put(byId('zone'), Intl.DateTimeFormat().resolvedOptions().timeZone)
for (const element of document.querySelectorAll('[data-now]')) takeClock(element)
tellTimes(document)
setInterval(() => { if (!document.hidden) tellTimes(document) }, 1000)
plan()
`
