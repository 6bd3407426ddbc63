// Keeps a half-written form: shortly after typing stops, and when its page is left. Every page works without it.
const WAIT = 3000

for (const form of document.querySelectorAll('form[data-keep]')) {
  const told = form.querySelector('[data-kept]')
  let timer
  let isChanged = false
  let isSent = false
  let saving = null

  const keep = async (isLeaving) => {
    clearTimeout(timer)
    if (!isChanged || isSent) return
    isChanged = false
    try {
      const headers = { Accept: 'application/json' }
      const body = new URLSearchParams(new FormData(form))
      const answer = await fetch(form.dataset.keep, { method: 'POST', body, headers, keepalive: isLeaving, redirect: 'error' })
      if (!answer.ok) throw new Error(answer.statusText)
      const kept = await answer.json()
      told.textContent = kept.said
      if (kept.version) form.elements.version.value = kept.version
    } catch {
      isChanged = true
      told.textContent = told.dataset.failed
    }
  }

  form.addEventListener('input', () => {
    isChanged = true
    clearTimeout(timer)
    timer = setTimeout(() => { saving = keep(false).finally(() => { saving = null }) }, WAIT)
  })
  form.addEventListener('submit', (event) => {
    if (saving) { // what is being kept has another version in a moment: sent then
      event.preventDefault()
      saving.then(() => form.requestSubmit(event.submitter))
      return
    }
    isSent = true
    clearTimeout(timer)
  })
  addEventListener('pagehide', () => keep(true))
  addEventListener('pageshow', () => {
    isSent = false
  })
}
