// @ts-check
// The form of a record: rows in place, suggestions, a live preview, Ctrl+S, a word before leaving with changes.
// Without any of it the same buttons ask the server.

const askPreview = asker()
const askRegions = asker()
const form = document.getElementById('edit')
if (form instanceof HTMLFormElement) start(form)

/** @param {HTMLFormElement} form */
function start(form) {
  const said = document.getElementById('edit-said')
  // What comes back with errors or another row was never saved.
  let isDirty = !!document.querySelector('.faults')
  let isLeaving = false
  let waiting = 0

  function touch() {
    isDirty = true
    if (said) said.textContent = said.dataset.unsaved ?? ''
    clearTimeout(waiting)
    waiting = setTimeout(() => preview(form), 500)
  }

  form.addEventListener('input', touch)
  form.addEventListener('submit', () => {
    isLeaving = true
  })
  // Back from where the form led, by the browser's own way back.
  addEventListener('pageshow', () => {
    isLeaving = false
  })
  addEventListener('beforeunload', (event) => {
    // A draft that is kept loses nothing.
    if (isDirty && !isLeaving && !('kept' in form.dataset)) event.preventDefault()
  })
  addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    event.preventDefault()
    form.requestSubmit(/** @type {HTMLButtonElement | null} */ (form.querySelector('button[value=save]')))
  })
  form.addEventListener('click', (event) => onClick(form, event, touch))
  for (const button of form.querySelectorAll('#do-preview, #do-regions')) button.setAttribute('hidden', '')
  form.elements.namedItem('country')?.addEventListener('change', () => showRegions(form))
  useOwnZone(form)
  for (const name of ['keywords', 'place', 'languages'])
    form.elements.namedItem(name)?.addEventListener('focus', () => suggest(form, name, touch), { once: true })
  const pin = document.getElementById('pin')
  pin?.removeAttribute('hidden')
  pin?.addEventListener('click', async () => {
    const { openPin } = await import(pin.dataset.script ?? '')
    await openPin(form, pin)
  })
}

/** @param {HTMLFormElement} form @param {Event} event @param {() => void} touch */
function onClick(form, event, touch) {
  const button = event.target instanceof Element ? event.target.closest('button[name=do]') : null
  const [, list, verb] = /^(\w+)(?:\.\d+)?\.(add|up|down|remove)$/.exec(button?.getAttribute('value') ?? '') ?? []
  const rows = document.getElementById(list ?? '')
  if (!rows || !button) return
  event.preventDefault()
  if (verb === 'add') addRow(form, rows)
  else moveRow(rows, button, verb)
  number(rows)
  touch()
}

/** @param {HTMLFormElement} form @param {HTMLElement} rows */
function addRow(form, rows) {
  const blank = document.getElementById(`${rows.id}-blank`)
  if (!(blank instanceof HTMLTemplateElement) || rows.children.length >= 80) return
  const keys = [...form.elements].map((field) => Number(/^\w+\.(\d+)\./.exec(field.getAttribute('name') ?? '')?.[1] ?? -1))
  const row = document.createElement('template')
  row.innerHTML = blank.innerHTML.replaceAll('.NEW.', `.${Math.max(...keys) + 1}.`)
  rows.append(row.content)
  const field = rows.lastElementChild?.querySelector('select, input')
  if (field instanceof HTMLElement) field.focus()
}

/** @param {HTMLElement} rows @param {Element} button @param {string} verb */
function moveRow(rows, button, verb) {
  const row = button.closest('li')
  if (!row) return
  const next = verb === 'up' ? row.previousElementSibling : row.nextElementSibling
  if (verb === 'remove') {
    row.remove()
    const field = (next ?? rows.lastElementChild)?.querySelector('select, input:not([type=hidden])') ?? document.getElementById(`${rows.id}.add`)
    if (field instanceof HTMLElement) field.focus()
    return
  }
  if (verb === 'up') next?.before(row)
  else next?.after(row)
  const isLast = verb === 'up' ? !row.previousElementSibling : !row.nextElementSibling
  const again = isLast ? row.querySelector(`button[value$=".${verb === 'up' ? 'down' : 'up'}"]`) : button
  if (again instanceof HTMLElement) again.focus()
}

/** Rows are counted from 1 wherever they are named. @param {HTMLElement} rows */
function number(rows) {
  for (const [at, row] of [...rows.children].entries()) {
    const legend = row.querySelector('legend')
    const old = legend?.textContent ?? ''
    const name = old.replace(/\d+/, String(at + 1))
    if (legend) legend.textContent = name
    for (const button of row.querySelectorAll('.move')) {
      const label = button.querySelector('.vh')
      const text = (label?.textContent ?? '').replace(old, name)
      if (label) label.textContent = text
      button.setAttribute('title', text)
    }
  }
}

/** @param {HTMLFormElement} form */
async function preview(form) {
  const place = document.getElementById('preview')
  if (!place) return
  try {
    place.innerHTML = await askPreview(form.dataset.preview ?? '', fieldsOf(form))
  } catch {
    // The last one stays.
  }
}

/** The regions of the country chosen now, as the server's own page offers them. @param {HTMLFormElement} form @returns {Promise<boolean>} whether it is still that one */
async function showRegions(form) {
  const data = fieldsOf(form)
  data.set('region', '')
  data.set('do', 'regions')
  try {
    const page = new DOMParser().parseFromString(await askRegions(form.action, data), 'text/html')
    const fresh = page.getElementById('regions')
    if (fresh) document.getElementById('regions')?.replaceChildren(...fresh.childNodes)
  } catch (error) {
    // The last ones stay.
    return !(error instanceof DOMException && error.name === 'AbortError')
  }
  return true
}

/** What sends data and gives the answer's text; asked anew, it no longer waits for what it was asked before. */
function asker() {
  let asking = new AbortController()
  return async (/** @type {string} */ url, /** @type {URLSearchParams} */ body) => {
    asking.abort()
    asking = new AbortController()
    const answer = await fetch(url, { method: 'POST', body, signal: asking.signal })
    if (!answer.ok) throw answer
    return answer.text()
  }
}

/** @param {HTMLFormElement} form */
function fieldsOf(form) {
  const pairs = [...new FormData(form)].map(([name, value]) => [name, String(value)])
  return new URLSearchParams(pairs)
}

/** Whoever says a first time says it by their own clock. @param {HTMLFormElement} form */
function useOwnZone(form) {
  const at = form.elements.namedItem('nextMeeting.at')
  const zone = form.elements.namedItem('nextMeeting.zone')
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (at instanceof HTMLInputElement && zone instanceof HTMLSelectElement && !at.value && [...zone.options].some(({ value }) => value === own))
    zone.value = own
}

/** @param {HTMLFormElement} form @param {string} field @param {() => void} touch */
async function suggest(form, field, touch) {
  const input = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (form.elements.namedItem(field))
  const before = input.value
  const { combobox } = await import(form.dataset.suggest ?? '')
  const ask = (/** @type {string | undefined} */ url) => async (/** @type {string} */ q, /** @type {AbortSignal} */ signal) => {
    const answer = await fetch(`${url}?${new URLSearchParams({ q, lang: document.documentElement.lang })}`, { signal })
    return answer.ok ? (await answer.json()).items : []
  }
  const label = (/** @type {{ label: string }} */ item) => item.label
  const parts =
    field === 'place'
      ? wholePlace(form, ask(form.dataset.places), touch)
      : oneOfMany(input, field === 'keywords' ? ask(form.dataset.keywords) : languages, touch)
  const { refresh } = combobox(input, { id: `suggest-${field}`, name: form.dataset.suggestions ?? '', label, ...parts })
  if (field === 'languages') input.removeAttribute('list')
  // What was typed before the script was there.
  if (input.value !== before) refresh()
}

/** @param {HTMLFormElement} form @param {Function} ask @param {() => void} touch */
function wholePlace(form, ask, touch) {
  return { ask, choose: (/** @type {any} */ place) => choosePlace(form, place).then(touch) }
}

/** Texts that hold several, with the one being typed. @param {HTMLInputElement | HTMLTextAreaElement} input @param {Function} ask @param {() => void} touch */
function oneOfMany(input, ask, touch) {
  return {
    ask,
    text: () => wordAt(input).word,
    choose: (/** @type {{ label: string }} */ { label }) => {
      const { start, end } = wordAt(input)
      const space = /\S$/.test(input.value.slice(0, start)) ? ' ' : ''
      input.setRangeText(`${space}${label}, `, start, end, 'end')
      touch()
    },
  }
}

/** @param {string} text */
async function languages(text) {
  const listed = [...document.querySelectorAll('#language-names option')].map((option) => ({ label: option.getAttribute('value') ?? '' }))
  return listed.filter(({ label }) => fold(label).startsWith(fold(text))).slice(0, 8)
}

/** The one being typed, among those separated by commas or lines. @param {HTMLInputElement | HTMLTextAreaElement} input */
function wordAt({ value, selectionStart }) {
  const at = selectionStart ?? value.length
  const start = Math.max(value.lastIndexOf(',', at - 1), value.lastIndexOf('\n', at - 1)) + 1
  const rest = value.slice(at).search(/[,\n]/)
  const end = rest < 0 ? value.length : at + rest
  return { word: value.slice(start, end), start, end }
}

/** @param {HTMLFormElement} form @param {{ name: string, country: string, region?: string, lat: number, lng: number, precision: string }} place */
async function choosePlace(form, { name, country, region = '', lat, lng, precision }) {
  const set = (/** @type {string} */ field, /** @type {string | number} */ value) => {
    const input = form.elements.namedItem(field)
    if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) input.value = String(value)
  }
  set('place', name)
  set('position.lat', lat)
  set('position.lng', lng)
  set('position.precision', precision)
  set('country', country)
  if (await showRegions(form)) set('region', region)
  form.dispatchEvent(new Event('placed'))
}

/** @param {string} text */
function fold(text) {
  return text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')
}
