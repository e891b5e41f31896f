// @ts-check
// The preview and the code follow the form. Without this script its button does the same.

const PAUSE = 400

const form = document.getElementById('maker')
const said = document.getElementById('said')
let running = new AbortController()
let waiting = 0

if (form instanceof HTMLFormElement) {
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(update, PAUSE, form)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    clearTimeout(waiting)
    update(form)
  })
  document.addEventListener('click', ({ target }) => target instanceof HTMLElement && target.dataset.copy && copy(target.dataset.copy))
  offerColours()
  offerCopies()
}

/** The same address as the form's button leads to, without what is empty. @param {HTMLFormElement} form */
function addressOf(form) {
  const url = new URL(form.action)
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, String(value))
  return url
}

/** @param {HTMLFormElement} form */
async function update(form) {
  running.abort()
  running = new AbortController()
  const { signal } = running
  const url = addressOf(form)
  try {
    const answer = await fetch(url, { signal })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    if (!page.getElementById('maker')) throw answer
    history.replaceState(null, '', url)
    show(page)
    say(answer.ok ? 'updated' : 'wrong')
  } catch {
    if (!signal.aborted) location.assign(url)
  }
}

/** Puts what another answer made in place; the form keeps what is typed. @param {Document} page */
function show(page) {
  for (const wrong of document.querySelectorAll('#maker .wrong')) {
    const text = page.getElementById(wrong.id)?.textContent ?? ''
    wrong.textContent = text
    const field = document.getElementById(wrong.id.replace(/-wrong$/, ''))
    if (text) field?.setAttribute('aria-invalid', 'true')
    else field?.removeAttribute('aria-invalid')
  }
  // The one alert is for whoever comes to the page; whoever types is told by the status line and at the field.
  document.getElementById('wrong')?.replaceChildren()
  const made = page.getElementById('made')
  const codeOf = (/** @type {Document} */ from) => from.getElementById('code')?.textContent
  if (codeOf(page) && codeOf(page) === codeOf(document)) return
  const opened = document.getElementById('as-element')?.hasAttribute('open')
  document.getElementById('made')?.replaceChildren(...(made?.childNodes ?? []))
  if (opened) document.getElementById('as-element')?.setAttribute('open', '')
  offerCopies()
}

/** @param {string} id */
async function copy(id) {
  const field = document.getElementById(id)
  if (!(field instanceof HTMLTextAreaElement)) return
  try {
    await navigator.clipboard.writeText(field.value)
    say('copied')
  } catch {
    // Not allowed, or no secure page: the reader's own copying works.
    field.select()
    say('select')
  }
}

/** @param {'updated' | 'copied' | 'select' | 'wrong'} what */
function say(what) {
  if (said) said.textContent = said.dataset[what] ?? ''
}

function offerCopies() {
  for (const button of document.querySelectorAll('[data-copy]')) button.removeAttribute('hidden')
}

/** A colour can be picked too; the box beside it holds what counts. */
function offerColours() {
  const line = document.getElementById('accent-pick')
  const picker = line?.querySelector('input')
  const field = document.getElementById('f-accent')
  if (!line || !picker || !(field instanceof HTMLInputElement)) return
  const follow = () => {
    if (/^#?[\da-f]{6}$/i.test(field.value)) picker.value = `#${field.value.replace('#', '').toLowerCase()}`
  }
  line.hidden = false
  follow()
  field.addEventListener('input', follow)
  picker.addEventListener('input', () => {
    field.value = picker.value.slice(1)
  })
}
