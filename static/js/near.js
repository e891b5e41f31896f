// @ts-check
// « Around which place »: suggestions while typing (a combobox as ARIA 1.2 has it), and the browser's position when asked for.

/** @typedef {{ label: string, lat: number, lng: number }} Place */

/** The list around a point: what the form comes back to, with the point. @param {HTMLFormElement} form @param {number} lat @param {number} lng @param {number} digits */
function goAround(form, lat, lng, digits) {
  const back = new URL(String(new FormData(form).get('back')), location.origin)
  back.searchParams.set('near', `${lat.toFixed(digits)},${lng.toFixed(digits)}`)
  back.searchParams.set('sort', 'distance')
  location.assign(`${back.pathname}?${String(back.searchParams).replaceAll('%2C', ',')}`)
}

/** To a kilometre: enough to find what is near, and it will be in the address. @param {HTMLFormElement} form */
export function locate(form) {
  say(form.dataset.locating)
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => goAround(form, coords.latitude, coords.longitude, 2),
    () => say(form.dataset.denied),
    { timeout: 15_000, maximumAge: 600_000 },
  )
}

/** @param {string | undefined} text */
function say(text) {
  const line = document.getElementById('near-said')
  if (line) line.textContent = text ?? ''
}

/** @param {HTMLFormElement} form */
export function suggest(form) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem('place'))
  const list = makeList(form, input)
  /** @type {Place[]} */
  let places = []
  let active = -1
  let waiting = 0
  let asking = new AbortController()

  /** @param {Place[]} found */
  function show(found) {
    places = found
    list.replaceChildren(...found.map(toOption))
    list.hidden = found.length === 0
    input.ariaExpanded = String(found.length > 0)
    activate(-1)
  }

  /** @param {number} at */
  function activate(at) {
    active = at
    for (const [index, option] of [...list.children].entries()) option.setAttribute('aria-selected', String(index === at))
    if (at < 0) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', `place-${at}`)
    list.children[at]?.scrollIntoView({ block: 'nearest' })
  }

  async function ask() {
    asking.abort()
    asking = new AbortController()
    const q = input.value.trim()
    if (q.length < 2) return show([])
    const params = new URLSearchParams({ q, lang: document.documentElement.lang })
    try {
      const answer = await fetch(`${form.dataset.suggestions}?${params}`, { signal: asking.signal })
      if (answer.ok) show((await answer.json()).items)
    } catch {
      // Without suggestions the form still finds the place.
    }
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && places.length) activate((active + step + places.length + (active < 0 && step < 0 ? 1 : 0)) % places.length)
    else if (event.key === 'Escape' && places.length) show([])
    else if (event.key === 'Enter' && active >= 0) choose(active)
    else return
    event.preventDefault()
  }

  /** @param {number} at */
  function choose(at) {
    const { label, lat, lng } = places[at]
    input.value = label
    show([])
    goAround(form, lat, lng, 4)
  }

  input.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, 120)
  })
  input.addEventListener('keydown', onKey)
  input.addEventListener('blur', () => show([]))
  // Before the field loses the focus, and the list with it.
  list.addEventListener('pointerdown', (event) => event.preventDefault())
  list.addEventListener('click', ({ target }) => {
    const at = target instanceof Element ? [...list.children].indexOf(/** @type {Element} */ (target.closest('li'))) : -1
    if (at >= 0) choose(at)
  })
  if (input.value) ask()
}

/** @param {HTMLFormElement} form @param {HTMLInputElement} input */
function makeList(form, input) {
  const list = Object.assign(document.createElement('ul'), { id: 'near-places', className: 'places', hidden: true, role: 'listbox' })
  list.ariaLabel = form.dataset.names ?? ''
  input.after(list)
  input.role = 'combobox'
  input.ariaAutoComplete = 'list'
  input.ariaExpanded = 'false'
  input.setAttribute('aria-controls', list.id)
  return list
}

/** @param {Place} place @param {number} at */
function toOption({ label }, at) {
  return Object.assign(document.createElement('li'), { id: `place-${at}`, role: 'option', textContent: label })
}
