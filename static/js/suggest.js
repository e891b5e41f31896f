// @ts-check
// Suggestions while typing: a combobox as ARIA 1.2 has it. In a text of several lines, the same without the name.

/**
 * `ask` finds what goes with the text, best first; `choose` gets the one taken. `id` begins the ids of the list and its options.
 * @template T
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {{ id: string, name: string, text?: () => string, ask: (text: string, signal: AbortSignal) => Promise<T[]>, label: (item: T) => string, choose: (item: T) => void }} options
 */
export function combobox(input, { id, name, text = () => input.value, ask, label, choose }) {
  const list = makeList(input, `${id}-list`, name)
  /** @type {T[]} */
  let items = []
  let active = -1
  let waiting = 0
  let asking = new AbortController()

  /** @param {T[]} found */
  function show(found) {
    items = found
    list.replaceChildren(...found.map((item, at) => makeOption(`${id}-${at}`, label(item))))
    list.hidden = found.length === 0
    if (input.role) input.ariaExpanded = String(found.length > 0)
    activate(-1)
  }

  /** @param {number} at */
  function activate(at) {
    active = at
    for (const [index, option] of [...list.children].entries()) option.setAttribute('aria-selected', String(index === at))
    if (at < 0) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', `${id}-${at}`)
    list.children[at]?.scrollIntoView({ block: 'nearest' })
  }

  async function refresh() {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    const typed = text().trim()
    if (typed.length < 2) return show([])
    try {
      const found = await ask(typed, signal)
      if (!signal.aborted) show(found)
    } catch {
      // Without suggestions the field works as it is.
    }
  }

  /** @param {number} at */
  function take(at) {
    const item = items[at]
    show([])
    choose(item)
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && items.length) activate((active + step + items.length + (active < 0 && step < 0 ? 1 : 0)) % items.length)
    else if (event.key === 'Escape' && items.length) show([])
    else if (event.key === 'Enter' && active >= 0) take(active)
    else return
    event.preventDefault()
  }

  input.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(refresh, 120)
  })
  input.addEventListener('keydown', (event) => onKey(/** @type {KeyboardEvent} */ (event)))
  input.addEventListener('blur', () => {
    clearTimeout(waiting)
    asking.abort()
    show([])
  })
  // Before the field loses the focus, and the list with it.
  list.addEventListener('pointerdown', (event) => event.preventDefault())
  list.addEventListener('click', ({ target }) => {
    const at = target instanceof Element ? [...list.children].indexOf(/** @type {Element} */ (target.closest('li'))) : -1
    if (at >= 0) take(at)
  })
  return { refresh }
}

/** @param {HTMLInputElement | HTMLTextAreaElement} input @param {string} id @param {string} name */
function makeList(input, id, name) {
  const list = Object.assign(document.createElement('ul'), { id, className: 'places', hidden: true, role: 'listbox', ariaLabel: name })
  input.after(list)
  input.ariaAutoComplete = 'list'
  input.setAttribute('aria-controls', id)
  if (input instanceof HTMLInputElement) {
    input.role = 'combobox'
    input.ariaExpanded = 'false'
  }
  return list
}

/** @param {string} id @param {string} textContent */
function makeOption(id, textContent) {
  return Object.assign(document.createElement('li'), { id, role: 'option', textContent })
}
