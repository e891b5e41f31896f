// @ts-check
// The form that proposes a group: its short name checked while typing, its draft kept in this browser until it is sent.
// Without any of it the server's answer says the same.

const form = document.getElementById('edit')
const key = 'archipel-proposal'
// What is about this visit and not about the group.
const apart = new Set(['address', 'website', 'stamp', 'revision', 'sure', 'do'])

if (document.querySelector('[data-sent]')) forget()
if (form instanceof HTMLFormElement) {
  watchShortName(form)
  if (form.dataset.draft) keepDraft(form)
}

/** @param {HTMLFormElement} form */
function watchShortName(form) {
  const place = document.getElementById('short-name')
  const name = field(form, 'name')
  const shortName = field(form, 'shortName')
  if (!place || !name || !shortName) return
  let isOwn = shortName.value !== ''
  let waiting = 0
  let asking = new AbortController()

  async function ask() {
    asking.abort()
    asking = new AbortController()
    const query = { name: name.value.slice(0, 200), 'short-name': isOwn ? shortName.value.slice(0, 200) : '', lang: document.documentElement.lang }
    try {
      const answer = await fetch(`${form.dataset.shortName}?${new URLSearchParams(query)}`, { signal: asking.signal })
      if (!answer.ok || !place) return
      place.innerHTML = await answer.text()
      if (!isOwn) shortName.value = place.querySelector('[data-short-name]')?.getAttribute('data-short-name') ?? ''
    } catch {
      // The server says it when the form is sent.
    }
  }

  const soon = () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, 250)
  }
  name.addEventListener('input', () => {
    if (!isOwn) soon()
  })
  shortName.addEventListener('input', () => {
    isOwn = shortName.value !== ''
    soon()
  })
  form.addEventListener('restored', () => {
    isOwn = shortName.value !== ''
    soon()
  })
}

/** @param {HTMLFormElement} form */
function keepDraft(form) {
  const said = document.getElementById('draft')
  // A form that comes back holds what was typed last.
  const draft = document.querySelector('.faults') ? undefined : recall()
  if (draft?.length && said) {
    restore(form, draft)
    said.hidden = false
    said.querySelector('button')?.addEventListener('click', () => {
      forget()
      location.assign(location.pathname)
    })
  }
  let waiting = 0
  const save = () => {
    clearTimeout(waiting)
    waiting = 0
    remember(fieldsOf(form))
  }
  const soon = () => {
    waiting ||= setTimeout(save, 300)
  }
  form.addEventListener('input', soon)
  form.addEventListener('placed', soon)
  addEventListener('pagehide', () => {
    if (waiting) save()
  })
}

/** Name, value, and the label of a choice that the page may not offer next time. @param {HTMLFormElement} form */
function fieldsOf(form) {
  return [...new FormData(form)]
    .filter(([name, value]) => !apart.has(name) && typeof value === 'string' && value)
    .map(([name, value]) => {
      const select = form.elements.namedItem(name)
      return [name, String(value), ...(select instanceof HTMLSelectElement ? [select.selectedOptions[0]?.label ?? ''] : [])]
    })
}

/** @param {HTMLFormElement} form @param {string[][]} draft */
function restore(form, draft) {
  const add = document.getElementById('links.add')
  for (const [name = '', value = '', label] of draft) {
    for (let tries = 0; tries < 20 && name.startsWith('links.') && !form.elements.namedItem(name); tries++) add?.click()
    const found = form.elements.namedItem(name)
    if (found instanceof HTMLSelectElement && ![...found.options].some((option) => option.value === value))
      found.add(new Option(label || value, value))
    if (
      found instanceof RadioNodeList ||
      found instanceof HTMLInputElement ||
      found instanceof HTMLTextAreaElement ||
      found instanceof HTMLSelectElement
    )
      found.value = value
  }
  const more = form.querySelector('details.optional')
  if (more instanceof HTMLDetailsElement)
    more.open = draft.some(
      ([name = '']) => !['name', 'summary', 'type', 'shortName', 'languages'].includes(name) && !/^links\.\d+\.service$/.test(name),
    )
  form.dispatchEvent(new Event('restored'))
}

/** @param {HTMLFormElement} form @param {string} name */
function field(form, name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name))
}

/** @returns {string[][] | undefined} */
function recall() {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null')
    return Array.isArray(draft) ? draft : undefined
  } catch {
    return undefined
  }
}

/** @param {string[][]} fields */
function remember(fields) {
  try {
    localStorage.setItem(key, JSON.stringify(fields))
  } catch {
    // No room, or not allowed: the form works as it is.
  }
}

function forget() {
  try {
    localStorage.removeItem(key)
  } catch {
    // Then there is none.
  }
}
