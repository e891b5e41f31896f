// @ts-check
// Choosing, sorting, paging and searching change the list in place. Whatever goes wrong, the plain link or form does the work.

/** The parts that another address of the same page changes. */
const REGIONS = ['kept', 'facets', 'results', 'as-map', 'near-back', 'radii', 'foot']
const LINKS = '#facets, #results, #radii, [data-list]'

const byId = (/** @type {string} */ id) => document.getElementById(id)
const here = () => location.pathname + location.search
let shown = here()
let running = new AbortController()

if (byId('list')) {
  document.addEventListener('click', onClick)
  document.addEventListener('submit', onSubmit)
  // A jump to an anchor is a popstate too, with nothing new to show.
  addEventListener('popstate', () => here() !== shown && show(location.href))
}

const near = byId('near')
if (near instanceof HTMLFormElement) {
  const load = () => import(near.dataset.script ?? '')
  near.addEventListener('focusin', () => load().then(({ suggest }) => suggest(near)), { once: true })
  byId('locate')?.toggleAttribute('hidden', !('geolocation' in navigator))
  byId('locate')?.addEventListener('click', () => load().then(({ locate }) => locate(near)))
}

/** @param {MouseEvent} event */
function onClick(event) {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link?.closest(LINKS) || link.pathname !== location.pathname || link.hash) return
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  show(link.href, { push: true, focus: link.id || 'count', scroll: link.rel === 'next' })
}

/** @param {SubmitEvent} event */
function onSubmit(event) {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || form.getAttribute('role') !== 'search' || !form.closest('#list')) return
  event.preventDefault()
  const url = new URL(form.action)
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, String(value))
  show(url.href, { push: true })
}

/**
 * @param {string} url
 * @param {{ push?: boolean, focus?: string, scroll?: boolean }} [then]
 */
async function show(url, { push, focus, scroll } = {}) {
  running.abort()
  running = new AbortController()
  // Already now: who goes back and forth before the answer is there must find the list of the address.
  const { pathname, search } = new URL(url, location.href)
  shown = pathname + search
  const { signal } = running
  byId('results')?.setAttribute('aria-busy', 'true')
  try {
    const answer = await fetch(url, { signal })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    if (!answer.ok || !page.getElementById('list')) throw answer
    if (push) history.pushState(null, '', url)
    swap(page)
    document.dispatchEvent(new CustomEvent('list-shown', { detail: { push: !!push } }))
    if (focus) (byId(focus) ?? byId('count'))?.focus({ preventScroll: true })
    if (scroll) byId('count')?.scrollIntoView({ behavior: 'instant' })
  } catch {
    if (!signal.aborted) location.assign(url)
  }
}

/** @param {Document} page */
function swap(page) {
  const opened = [...document.querySelectorAll('#facets details[open]')].map(({ id }) => id)
  for (const id of REGIONS) byId(id)?.replaceChildren(...(page.getElementById(id)?.childNodes ?? []))
  for (const id of opened) byId(id)?.setAttribute('open', '')
  byId('filters')?.toggleAttribute('hidden', !!page.querySelector('#filters[hidden]'))
  byId('results')?.removeAttribute('aria-busy')
  const field = byId('q')
  if (field instanceof HTMLInputElement) field.value = page.getElementById('q')?.getAttribute('value') ?? ''
  document.title = page.title
  // The live region stays the same element, or nothing would be said.
  const count = byId('count')
  if (count) count.textContent = page.getElementById('count')?.textContent ?? ''
}
