// One key for what the review offers as links and buttons, on the draft that has the focus. Every page works without it.
const OFF = 'review-keys-off'
const list = document.querySelector('[data-keys]')
const off = document.querySelector('[data-keys-off]')
const drafts = [...document.querySelectorAll('article.r-draft')]

const isOff = () => localStorage.getItem(OFF) === 'yes'
const current = () => document.activeElement.closest('article.r-draft')
const go = (draft) => {
  draft?.focus()
  draft?.scrollIntoView({ block: 'nearest' })
}
const step = (by, wanted = drafts) => {
  const at = drafts.indexOf(current())
  const further = by > 0 ? wanted.find((one) => drafts.indexOf(one) > at) : wanted.findLast((one) => drafts.indexOf(one) < at)
  if (further) go(further)
  else if (at >= 0) document.querySelector(by > 0 ? '.r-pages [rel=next]' : '.r-pages [rel=prev]')?.click()
}

const visit = (key, place) => {
  const link = current()?.querySelector(`a[data-key=${key}]`)
  if (link) location.assign(`${link.href.split('#')[0]}#${place}`)
}

const moves = {
  j: () => step(1),
  k: () => step(-1),
  d: () => step(1, drafts.filter((one) => one.classList.contains('is-doubt'))),
  a: () => visit('e', 'addressees-0-body'),
  p: () => visit('s', 'join-before'),
  n: () => visit('s', 'join-after'),
  u: () => document.querySelector('[data-key=u]')?.click(),
  '?': () => {
    list.open = !list.open
    list.querySelector('summary').focus()
  },
}
for (const key of ['e', 's', 'x', 'y']) moves[key] = () => current()?.querySelector(`[data-key=${key}]`)?.click()

const pressed = (event) => {
  const isTyped = event.target.closest('input:not([type=checkbox]), select, textarea')
  if (isTyped || event.ctrlKey || event.altKey || event.metaKey || event.repeat || isOff()) return
  const act = moves[event.key.toLowerCase()]
  if (!act) return
  event.preventDefault()
  act()
}

if (list) {
  list.hidden = false
  off.checked = isOff()
  off.addEventListener('change', () => localStorage.setItem(OFF, off.checked ? 'yes' : 'no'))
  document.addEventListener('keydown', pressed)
}

// Where one came from an act, the draft has the focus again; where its draft is gone or settled, the first one has.
const target = location.hash && document.getElementById(location.hash.slice(1))
if (location.hash === '#drafts') go(drafts[0])
else if (target) target.focus()
